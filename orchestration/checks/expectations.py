"""Great Expectations as asset checks: on raw landings before the build, on built marts after it.

Put here how suites become specs and outcomes become events. Do not put here rules or thresholds
(expectations/suites) or how they run (expectations/runner.py). A refresh judges what changed; a run
tagged CHECKS_TAG: whole judges raw tables and public marts whole. What a run does not judge it does
not report, so that the last verdict stands.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import dagster as dg

from expectations.moment import has_landed, recomputes_whole
from expectations.suite import CHANGED, MARTS, RAW, WHOLE, Suite, load_suites
from orchestration.assets.dbt_models import BUILT_SCHEMA
from orchestration.assets.ingestion import materializations
from orchestration.refresh.arrivals import arrivals_after
from orchestration.refresh.judgements import record_judgement
from orchestration.refresh.log import last_published
from orchestration.resources import RefreshResource

if TYPE_CHECKING:
    from expectations.outcomes import CheckOutcome

RAW_STAGE = "raw checks"
MARTS_STAGE = "mart checks"
PUBLIC_STAGE = "checks of whole marts"
CHECKS_TAG = "chairside/checks"

Results = Iterator[dg.AssetCheckResult | dg.Output[None]]


def build_expectations() -> list[dg.AssetChecksDefinition]:
    """Return the checks of a refresh, on landings and on what was built."""
    return [_build_raw_checks(), _build_mart_checks()]


def build_whole_expectations() -> dg.AssetChecksDefinition:
    """Return the nightly checks of all that readers see: shares, volumes, distributions."""

    @dg.multi_asset_check(specs=_specs(load_suites(MARTS, WHOLE), MARTS), name="check_public")
    def check_public(context: dg.AssetCheckExecutionContext, refresh: RefreshResource) -> Results:
        session = refresh.session(context.op_execution_context)
        with session.stage(PUBLIC_STAGE):
            outcomes = refresh.checks().validate_public(refresh.warehouse_url(), session.refresh_id)
            record_judgement(session, outcomes)
        yield from _results(check_public, MARTS, outcomes)

    return check_public


def _build_raw_checks() -> dg.AssetChecksDefinition:
    """Return the first op of a refresh: report what loads brought, then judge the landings."""

    @dg.multi_asset_check(specs=_specs(load_suites(RAW), RAW), name="check_raw")
    def check_raw(context: dg.AssetCheckExecutionContext, refresh: RefreshResource) -> Results:
        session = refresh.session(context.op_execution_context)
        outcomes: list[CheckOutcome] = []
        with session.stage(RAW_STAGE):
            published = last_published(session.connection)
            seen = published.through_load_id if published else None
            for event in materializations(arrivals_after(session.connection, seen)):
                context.op_execution_context.log_event(event)
            whole = context.run.tags.get(CHECKS_TAG) == WHOLE
            if whole or has_landed(session.connection):
                outcomes = refresh.checks().validate_raw(
                    refresh.warehouse_url(), session.refresh_id, whole
                )
                record_judgement(session, outcomes)
        yield from _results(check_raw, RAW, outcomes)

    return check_raw


def _build_mart_checks() -> dg.AssetChecksDefinition:
    """Return the op between build and publish: judge the marts that nobody can see yet."""

    @dg.multi_asset_check(
        specs=_specs(load_suites(MARTS, CHANGED), BUILT_SCHEMA), name="check_marts"
    )
    def check_marts(context: dg.AssetCheckExecutionContext, refresh: RefreshResource) -> Results:
        session = refresh.session(context.op_execution_context)
        outcomes: list[CheckOutcome] = []
        with session.stage(MARTS_STAGE):
            if recomputes_whole(session.connection):
                outcomes = refresh.checks().validate_marts(
                    refresh.warehouse_url(), BUILT_SCHEMA, session.refresh_id
                )
                record_judgement(session, outcomes)
        yield from _results(check_marts, BUILT_SCHEMA, outcomes)

    return check_marts


def _specs(suites: Sequence[Suite], schema: str) -> list[dg.AssetCheckSpec]:
    return [
        dg.AssetCheckSpec(
            check.name,
            asset=dg.AssetKey([schema, suite.table]),
            description=check.description,
            # One of severity warning blocks nothing, but what lies downstream waits for it too.
            blocking=schema != MARTS,
            metadata={
                "dimension": check.dimension,
                "expected": check.expected,
                "judges": " and ".join(check.scopes),
            },
        )
        for suite in suites
        for check in suite.checks
    ]


def _results(
    checks: dg.AssetChecksDefinition, schema: str, outcomes: Sequence["CheckOutcome"]
) -> Results:
    """Yield what was judged; what was not gives its output alone, for which the build waits."""
    judged = {(_table(outcome), outcome.check_name): outcome for outcome in outcomes}
    for key in checks.check_keys:
        outcome = judged.get((key.asset_key.path[-1], key.name))
        if outcome is None:
            yield dg.Output(None, checks.get_output_name_for_asset_check_key(key))
        else:
            yield _result(dg.AssetKey([schema, _table(outcome)]), outcome)


def _table(outcome: "CheckOutcome") -> str:
    return outcome.table_name.rpartition(".")[2]


def _result(key: dg.AssetKey, outcome: "CheckOutcome") -> dg.AssetCheckResult:
    is_error = outcome.severity == "error"
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=outcome.check_name,
        passed=outcome.passed,
        severity=dg.AssetCheckSeverity.ERROR if is_error else dg.AssetCheckSeverity.WARN,
        description=outcome.description,
        metadata={
            "observed": outcome.observed,
            "expected": outcome.expected,
            "rows_checked": outcome.rows_checked,
            "rows_failed": outcome.rows_failed,
            "dimension": outcome.dimension,
        },
    )
