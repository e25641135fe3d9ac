"""The alarm: every public table equals a rebuild from nothing.

Put here the checks and what a difference leads to. Do not put here the comparison itself
(refresh/verification.py) or whose rows are compared (refresh/verifying.py). A difference is told
here and repaired by the next refresh, since publishing alone changes the tables that readers see.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import dagster as dg
import psycopg2

from orchestration.assets.publication import publishable_nodes, published_key
from orchestration.dbt.compiled import OF_ORGANIZATIONS, CompiledPass
from orchestration.dbt.compiled_run import fill_tables
from orchestration.dbt.project import Manifest
from orchestration.dbt.translator import published_schema
from orchestration.refresh.leftovers import empty_large_tables
from orchestration.refresh.session import RefreshSession
from orchestration.refresh.steps import Step
from orchestration.refresh.verification import Difference, TablePair, add_up, compare
from orchestration.refresh.verifying import batches, note_verified
from orchestration.resources import RefreshResource

CHECK = "equals_full_rebuild"
STAGE = "verify"
# A run's tag that says how long its verification may take, instead of the resource.
SECONDS_TAG = "chairside/verify_seconds"
NOTHING_TO_VERIFY = (
    "No organization could be verified: each is to be rebuilt, or has rows that no refresh has"
    " taken. Refresh first."
)

Differences = dict[str, list[Difference]]


def build_verification(manifest: Manifest) -> dg.AssetChecksDefinition:
    """Return one check for each public table; together they rebuild a batch of organizations."""
    nodes = publishable_nodes(manifest)
    specs = [
        dg.AssetCheckSpec(
            CHECK,
            asset=published_key(node),
            description="Every row of the organizations whose turn it is equals that of a rebuild"
            " from raw at the same as_of.",
        )
        for node in nodes
    ]

    @dg.multi_asset_check(specs=specs, name="verify")
    def verify(
        context: dg.AssetCheckExecutionContext, refresh: RefreshResource
    ) -> Iterator[dg.AssetCheckResult]:
        session = refresh.verification(context.op_execution_context)
        tag = context.run.tags.get(SECONDS_TAG)
        seconds = float(tag) if tag else refresh.verify_seconds
        found: Differences = {_name(node): [] for node in nodes}
        verified: list[str] = []
        with session.stage(STAGE):
            as_of = session.refresh.as_of
            compiled = refresh.compiled(manifest, OF_ORGANIZATIONS)
            for batch in batches(session.connection, as_of, refresh.definitions(), seconds):
                context.log.info(f"This batch compares {', '.join(batch)}.")
                _rebuild(session, compiled)
                _compare(session, nodes, batch, found)
                verified += batch
            empty_large_tables(session.connection)
            if not verified:
                raise dg.Failure(NOTHING_TO_VERIFY, allow_retries=False)
            differences = {table: add_up(parts) for table, parts in found.items()}
            _alarm(session, differences)
        for node in nodes:
            yield _result(published_key(node), differences[_name(node)], verified)
        if session.error:
            raise dg.Failure(session.error, allow_retries=False)

    return verify


def table_pair(node: dict) -> TablePair:
    """Return a published model's two tables and the key that its contract declares.

    Raises LookupError for a model without one, which cannot have been published.
    """
    for constraint in node["constraints"]:
        if constraint["type"] == "primary_key":
            public = (str(published_schema(node)), node["alias"])
            return TablePair((node["schema"], node["alias"]), public, tuple(constraint["columns"]))
    raise LookupError(f"{node['name']} declares no primary key")


def _name(node: dict) -> str:
    return ".".join(published_key(node).path)


def _rebuild(session: RefreshSession, compiled: CompiledPass) -> None:
    try:
        for _ in fill_tables(session.url, compiled.models):
            pass
    except psycopg2.Error as error:
        raise dg.Failure(
            f"The rebuild failed, and nothing was compared: {str(error).strip()}",
            allow_retries=False,
        ) from error


def _compare(
    session: RefreshSession, nodes: Sequence[dict], batch: list[str], found: Differences
) -> None:
    """Compare every table's rows of a batch, add to what was found, and note the organizations."""
    differing: set[str] = set()
    for node in nodes:
        started_at = datetime.now(UTC)
        difference = compare(session.connection, table_pair(node), batch)
        found[_name(node)].append(difference)
        differing.update(difference.organizations)
        session.record([_step(_name(node), add_up(found[_name(node)]), started_at)])
    note_verified(session.connection, batch, differing)


def _step(table: str, difference: Difference, started_at: datetime) -> Step:
    finished_at = datetime.now(UTC)
    return Step(
        step_name=table,
        step_type="verification",
        status="succeeded" if difference.is_equal else "failed",
        rows=difference.rows,
        started_at=started_at,
        finished_at=finished_at,
        seconds=(finished_at - started_at).total_seconds(),
        error=None if difference.is_equal else str(difference),
    )


def _alarm(session: RefreshSession, differences: dict[str, Difference]) -> None:
    unequal = [table for table, difference in differences.items() if not difference.is_equal]
    if unequal:
        session.fail(f"differs from a full rebuild: {', '.join(unequal)}")


def _result(
    key: dg.AssetKey, difference: Difference, verified: Sequence[str]
) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=CHECK,
        passed=difference.is_equal,
        severity=dg.AssetCheckSeverity.ERROR,
        description=str(difference),
        metadata={
            "organizations": len(verified),
            "differing_organizations": dg.MetadataValue.json(list(difference.organizations)),
            "rows": difference.rows,
            "missing": difference.missing,
            "too_many": difference.extra,
            "different": difference.changed,
            "columns": dg.MetadataValue.json(list[str](difference.columns)),
            "examples": dg.MetadataValue.json(list[str](difference.examples)),
        },
    )
