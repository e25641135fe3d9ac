"""The nightly alarm: every public table equals a rebuild from nothing.

Put here the checks and what a difference leads to. Do not put here the comparison itself
(refresh/verification.py). A difference is reported and repaired by nobody here: the tables that
readers see change by publishing only, and the next refresh is what publishes.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

import dagster as dg

from orchestration.assets.publication import publishable_nodes, published_key
from orchestration.dbt.build import build
from orchestration.dbt.project import Manifest
from orchestration.dbt.translator import published_schema
from orchestration.refresh.log import newest_load
from orchestration.refresh.session import RefreshSession
from orchestration.refresh.steps import Step
from orchestration.refresh.verification import Difference, TablePair, compare
from orchestration.resources import RefreshResource

CHECK = "equals_full_rebuild"
STAGE = "verify"
REBUILT_TYPES = ("seed", "model")


def build_verification(manifest: Manifest) -> dg.AssetChecksDefinition:
    """Return one check for each public table; together they rebuild everything once."""
    nodes = publishable_nodes(manifest)
    specs = [
        dg.AssetCheckSpec(
            CHECK,
            asset=published_key(node),
            description="Every row equals that of a rebuild from raw at the same as_of.",
        )
        for node in nodes
    ]

    @dg.multi_asset_check(specs=specs, name="verify")
    def verify(
        context: dg.AssetCheckExecutionContext, refresh: RefreshResource
    ) -> Iterator[dg.AssetCheckResult]:
        session = refresh.verification(context.op_execution_context)
        with session.stage(STAGE):
            failed = [
                o.name for o in build(refresh.dbt(), manifest, _rebuilt(manifest)) if o.failed
            ]
            if failed:
                raise dg.Failure(f"The rebuild failed: {', '.join(failed)}", allow_retries=False)
            differences = {
                ".".join(published_key(node).path): _compare(session, node) for node in nodes
            }
            # Rows that arrived meanwhile are in the rebuild and not yet in what readers see.
            moved = newest_load(session.connection) != session.published_through_load_id
            _alarm(session, differences, moved)
        for node in nodes:
            difference = differences[".".join(published_key(node).path)]
            yield _result(published_key(node), difference, moved)
        if session.error:
            raise dg.Failure(session.error, allow_retries=False)

    return verify


def _rebuilt(manifest: Manifest) -> list[str]:
    return [i for i, n in manifest["nodes"].items() if n["resource_type"] in REBUILT_TYPES]


def table_pair(node: dict) -> TablePair:
    """Return a published model's two tables and the key that its contract declares.

    Raises LookupError for a model without one, which cannot have been published.
    """
    for constraint in node["constraints"]:
        if constraint["type"] == "primary_key":
            public = (str(published_schema(node)), node["alias"])
            return TablePair((node["schema"], node["alias"]), public, tuple(constraint["columns"]))
    raise LookupError(f"{node['name']} declares no primary key")


def _compare(session: RefreshSession, node: dict) -> Difference:
    started_at = datetime.now(UTC)
    pair = table_pair(node)
    difference = compare(session.connection, pair)
    finished_at = datetime.now(UTC)
    step = Step(
        step_name=".".join(pair.public),
        step_type="verification",
        status="succeeded" if difference.is_equal else "failed",
        rows=difference.rows,
        started_at=started_at,
        finished_at=finished_at,
        seconds=(finished_at - started_at).total_seconds(),
        error=None if difference.is_equal else str(difference),
    )
    session.record([step])
    return difference


def _alarm(session: RefreshSession, differences: dict[str, Difference], moved: bool) -> None:
    unequal = [table for table, difference in differences.items() if not difference.is_equal]
    if unequal:
        cause = " (loads arrived meanwhile, which may be why)" if moved else ""
        session.fail(f"differs from a full rebuild{cause}: {', '.join(unequal)}")


def _result(key: dg.AssetKey, difference: Difference, moved: bool) -> dg.AssetCheckResult:
    severity = dg.AssetCheckSeverity.WARN if moved else dg.AssetCheckSeverity.ERROR
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=CHECK,
        passed=difference.is_equal,
        severity=severity,
        description=str(difference),
        metadata={
            "rows": difference.rows,
            "missing": difference.missing,
            "too_many": difference.extra,
            "different": difference.changed,
            "columns": dg.MetadataValue.json(list[str](difference.columns)),
            "examples": dg.MetadataValue.json(list[str](difference.examples)),
        },
    )
