"""The daily job that keeps logs from growing for ever.

Put here what is deleted of Dagster's own storage, and the job. Do not put here retention of schema
ops (refresh/retention.py), of exports (exporting/publishing.py) or of Data Docs (expectations/).
dbt overwrites its target folder and rotates its log by itself; Dagster purges ticks (dagster.yaml).
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import dagster as dg

from orchestration.postgres.connection import Connection, connect
from orchestration.refresh.retention import prune_operations_log
from orchestration.resources import WarehouseResource

SUCCEEDED_RUNS = timedelta(days=14)
OTHER_RUNS = timedelta(days=60)
# Each leaves some 3 MB: two weeks of hours, and no more of a schedule that runs more often.
MOST_KEPT_SUCCEEDED_RUNS = 400
# Deleting a run takes some milliseconds; what is left waits for the next day.
MOST_RUNS = 2000


@dg.op(description="Delete old runs with their events, and old rows of the operations log.")
def prune(context: dg.OpExecutionContext, warehouse: WarehouseResource) -> None:
    """Delete what is past its time; each part commits by itself."""
    urls = warehouse.urls()
    runs = prune_runs(context.instance, datetime.now(UTC))
    with connect(urls.dagster) as connection:
        evaluations = prune_check_evaluations(connection)
    with connect(urls.warehouse) as connection:
        rows = prune_operations_log(connection)
    context.add_output_metadata(
        {"runs": runs, "check_evaluations": evaluations, **rows}, output_name="result"
    )


@dg.job(
    name="retention",
    description="Keep logs from growing for ever.",
    executor_def=dg.in_process_executor,
)
def retention_job() -> None:
    """Prune once."""
    prune()


def prune_runs(instance: dg.DagsterInstance, now: datetime) -> int:
    """Delete runs that ended long enough before `now`, with their events and output.

    Of runs that succeeded no more than the newest few hundred are kept.
    """
    finished = [dg.DagsterRunStatus.SUCCESS]
    others = [dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
    newest_first = instance.get_run_ids(dg.RunsFilter(statuses=finished))
    old = {
        *_runs_before(instance, finished, now - SUCCEEDED_RUNS),
        *newest_first[MOST_KEPT_SUCCEEDED_RUNS:][-MOST_RUNS:],
        *_runs_before(instance, others, now - OTHER_RUNS),
    }
    for run_id in old:
        instance.delete_run(run_id)
        instance.compute_log_manager.delete_logs(prefix=[run_id])
    return len(old)


def _runs_before(
    instance: dg.DagsterInstance, statuses: list[dg.DagsterRunStatus], before: datetime
) -> Iterable[str]:
    records = instance.get_run_records(
        dg.RunsFilter(statuses=statuses, updated_before=before), limit=MOST_RUNS, ascending=True
    )
    return [record.dagster_run.run_id for record in records]


def prune_check_evaluations(connection: Connection) -> int:
    """Delete evaluations of checks whose run is gone, but for each check's latest.

    Dagster keeps a row of each for ever and has no command for them.
    """
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass('asset_check_executions') is not null")
        if cursor.fetchone() != (True,):
            return 0
        cursor.execute(
            """
            delete from asset_check_executions as old
            where
                not exists (select 1 from runs where runs.run_id = old.run_id)
                and exists (
                    select 1 from asset_check_executions as newer
                    where newer.asset_key = old.asset_key
                        and newer.check_name = old.check_name
                        and newer.id > old.id
                )
            """
        )
        return cursor.rowcount
