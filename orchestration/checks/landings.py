"""The first stage of a refresh: what has landed, and whether any of it was rejected.

Put here the op that reports loads to Dagster. Do not put here rules on the rows themselves
(expectations/) or the loader's own checks (loading/).
"""

from collections.abc import Iterator

import dagster as dg

from orchestration.assets.ingestion import materializations, raw_key
from orchestration.contract.model import load_contract
from orchestration.refresh.arrivals import Arrival, arrivals_after
from orchestration.refresh.log import last_published
from orchestration.resources import RefreshResource

CHECK = "no_rejected_rows"
STAGE = "landings"


def build_landing_checks() -> dg.AssetChecksDefinition:
    """Return a check for each raw table: no row of the latest loads was rejected.

    It warns and does not block: rejected rows are kept, counted and named, the others are fit.
    """
    specs = [
        dg.AssetCheckSpec(
            CHECK,
            asset=raw_key(entity),
            description="No row of the loads since the last refresh was rejected"
            " (see ops.rejected_rows).",
        )
        for entity in load_contract().entities
    ]

    @dg.multi_asset_check(specs=specs, name="landings", can_subset=True)
    def landings(
        context: dg.AssetCheckExecutionContext, refresh: RefreshResource
    ) -> Iterator[dg.AssetCheckResult]:
        session = refresh.session(context.op_execution_context)
        with session.stage(STAGE):
            published = last_published(session.connection)
            arrivals = arrivals_after(
                session.connection, published.through_load_id if published else None
            )
            for event in materializations(arrivals):
                context.op_execution_context.log_event(event)
            for arrival in arrivals:
                yield _result(arrival)

    return landings


def _result(arrival: Arrival) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        asset_key=raw_key(arrival.entity),
        check_name=CHECK,
        passed=arrival.rows_rejected == 0,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "rows_rejected": arrival.rows_rejected,
            "loads": dg.MetadataValue.json(list(arrival.load_ids)),
        },
    )
