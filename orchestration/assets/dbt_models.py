"""The dbt project as Dagster assets, built by one op that runs dbt in this process.

Put here the op and the turning of dbt's outcomes into events. Do not put here arguments, retries or
rows of ops (dbt/, refresh/).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import dagster as dg
import psycopg2

from orchestration.dbt.build import STAGE, BuildOptions, build
from orchestration.dbt.compiled_run import run_pass
from orchestration.dbt.dagster_dbt_alone import dbt_assets
from orchestration.dbt.outcomes import NodeOutcome
from orchestration.dbt.project import Manifest
from orchestration.dbt.translator import ChairsideTranslator
from orchestration.progress import Progress, report
from orchestration.refresh.judgements import record_judgement
from orchestration.refresh.lock import still_holds
from orchestration.refresh.outcomes import quality_results, steps_of
from orchestration.refresh.passes import passes
from orchestration.refresh.publication import publish
from orchestration.refresh.scope.plan import Pass
from orchestration.refresh.session import RefreshSession
from orchestration.resources import RefreshResource

UNIQUE_ID = "dagster_dbt/unique_id"
BUILT_SCHEMA = "build"

Event = dg.MaterializeResult | dg.AssetCheckResult


def build_dbt_assets(manifest: Manifest) -> dg.AssetsDefinition:
    """Return every seed, model and data test of the manifest as one definition."""

    @dbt_assets(
        manifest=manifest,
        dagster_dbt_translator=ChairsideTranslator(),
        name="dbt_build",
        op_tags={"dagster/priority": "1"},
    )
    def dbt_build(context: dg.AssetExecutionContext, refresh: RefreshResource) -> Iterator[Event]:
        session = refresh.session(context.op_execution_context)
        keys, checks = _keys_by_id(context), _checks_by_id(context)
        selected = _selected(context, keys, checks)
        with session.stage(STAGE):
            for planned in passes(session, refresh.definitions()):
                context.log.info(f"This pass recomputes {planned}.")
                with _logged(session, manifest) as outcomes:
                    for outcome in _built_and_tested(session, refresh, planned, manifest, selected):
                        is_new = outcome.unique_id not in outcomes
                        outcomes[outcome.unique_id] = outcome
                        if is_new and (planned.is_last or selected is not None):
                            # Dagster takes one event for each table and run.
                            yield from _events(outcome, keys, checks)
                _raise_if_failed(session, list(outcomes.values()))
                if selected is not None:
                    # A choice of tables is for looking at: the rest is of some other pass.
                    break
                session.is_built = True
                if not planned.is_last:
                    _judge_pass(session, refresh, planned)
                    publish(session, refresh.dbt())

    return dbt_build


@contextmanager
def _logged(session: RefreshSession, manifest: Manifest) -> Iterator[dict[str, NodeOutcome]]:
    """Give the outcomes of a pass by unique id, to be filled; log them even when dbt breaks off.

    A node whose pass was done again comes twice; the later outcome counts.
    """
    outcomes: dict[str, NodeOutcome] = {}
    try:
        yield outcomes
    finally:
        if still_holds(session.connection):
            logged = list(outcomes.values())
            session.record(steps_of(logged), quality_results(logged, manifest))


def _built_and_tested(
    session: RefreshSession,
    refresh: RefreshResource,
    planned: Pass,
    manifest: Manifest,
    selected: Sequence[str] | None,
) -> Iterator[NodeOutcome]:
    options = BuildOptions(
        recomputed_only=planned.is_founded,
        recreate=not planned.is_founded or planned.is_large,
        rebuilds_organizations=planned.organizations > 0,
    )
    if options.recreate or selected is not None:
        yield from build(refresh.dbt(), manifest, selected, options)
        return
    session.compiled = refresh.compiled(manifest, options)
    try:
        yield from run_pass(session.url, session.compiled)
    except psycopg2.Error as error:
        # dbt goes through it node by node, tries again what may pass, and says which failed.
        report(Progress(STAGE, note=f"dbt does it, after {type(error).__name__}"))
        yield from build(refresh.dbt(), manifest, options=options)


def _judge_pass(session: RefreshSession, refresh: RefreshResource, planned: Pass) -> None:
    """Judge the marts of a pass before it is published; those of the last have their own op."""
    if not planned.organizations:
        return
    outcomes = refresh.checks().validate_marts(
        refresh.warehouse_url(), BUILT_SCHEMA, session.refresh_id
    )
    if errors := record_judgement(session, outcomes):
        raise dg.Failure(errors, allow_retries=False)


def _raise_if_failed(session: RefreshSession, outcomes: Sequence[NodeOutcome]) -> None:
    failed = [outcome for outcome in outcomes if outcome.failed]
    if failed:
        session.fail(_failure_text(failed))
        raise dg.Failure(
            _failure_text(failed),
            metadata={outcome.name: outcome.message or "" for outcome in failed[:20]},
            allow_retries=False,
        )


def _keys_by_id(context: dg.AssetExecutionContext) -> dict[str, dg.AssetKey]:
    specs = context.assets_def.specs
    return {str(spec.metadata[UNIQUE_ID]): spec.key for spec in specs}


def _checks_by_id(context: dg.AssetExecutionContext) -> dict[str, dg.AssetCheckKey]:
    specs = context.assets_def.check_specs
    return {
        str(spec.metadata[UNIQUE_ID]): spec.key
        for spec in specs
        if spec.key in context.selected_asset_check_keys
    }


def _selected(
    context: dg.AssetExecutionContext,
    keys: dict[str, dg.AssetKey],
    checks: dict[str, dg.AssetCheckKey],
) -> list[str] | None:
    """Return the unique ids to build, or None when that is all of them."""
    if not context.is_subset:
        return None
    return [i for i, key in keys.items() if key in context.selected_asset_keys] + list(checks)


def _events(
    outcome: NodeOutcome, keys: dict[str, dg.AssetKey], checks: dict[str, dg.AssetCheckKey]
) -> Iterator[Event]:
    metadata: dict[str, Any] = {"unique_id": outcome.unique_id, "status": outcome.status}
    if outcome.seconds is not None:
        metadata["seconds"] = round(outcome.seconds, 3)
    if outcome.message:
        metadata["message"] = outcome.message
    if outcome.unique_id in checks and not outcome.skipped:
        key = checks[outcome.unique_id]
        yield dg.AssetCheckResult(
            passed=outcome.succeeded,
            asset_key=key.asset_key,
            check_name=key.name,
            severity=dg.AssetCheckSeverity.ERROR if outcome.failed else dg.AssetCheckSeverity.WARN,
            metadata=metadata | {"failing_rows": outcome.failures or 0},
        )
    elif outcome.unique_id in keys and outcome.succeeded:
        if outcome.rows is not None:
            metadata["dagster/row_count"] = outcome.rows
        yield dg.MaterializeResult(asset_key=keys[outcome.unique_id], metadata=metadata)


def _failure_text(failed: list[NodeOutcome]) -> str:
    named = ", ".join(outcome.name for outcome in failed[:5])
    more = f" and {len(failed) - 5} more" if len(failed) > 5 else ""
    tests = sum(outcome.is_test for outcome in failed)
    models = len(failed) - tests
    counts = [
        f"{n} {what}" for n, what in ((tests, "test(s)"), (models, "model(s) or seed(s)")) if n
    ]
    # A test's message is a count; what went wrong with a model or a seed nobody could guess.
    reason = next((outcome.message for outcome in failed if not outcome.is_test), None)
    because = f". {' '.join(reason.split())}" if reason else ""
    return f"{' and '.join(counts)} failed: {named}{more}{because}"
