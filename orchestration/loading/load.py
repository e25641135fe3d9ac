"""Loading a path: one transaction, one number, all entities together or nothing.

Put here what concerns a load as a whole: order, threshold, ledger, failure. Do not put here what
concerns one entity (entity_load.py).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import psycopg2
from psycopg2 import sql

from orchestration.contract.model import load_contract
from orchestration.errors import ChairsideError
from orchestration.loading import ledger
from orchestration.loading.conversion import Conversion, now_utc
from orchestration.loading.discovery import find_native_files
from orchestration.loading.entity_load import EntityLoad, LoadRun
from orchestration.loading.feed import Feed, NativeFeed
from orchestration.loading.inputs_lock import share_inputs
from orchestration.loading.local_time import DEFAULT_POLICY
from orchestration.loading.mapping.apply import MappedLoad
from orchestration.loading.mapping.model import Mapping
from orchestration.loading.mapping.reading import read_mapping
from orchestration.loading.problems import ERROR, WARNING, ProblemLog
from orchestration.loading.references import WARNED_TABLE
from orchestration.loading.report import FileReport, LoadReport, Progress
from orchestration.loading.statistics import refresh_statistics
from orchestration.loading.upsert import Stamp
from orchestration.loading.zones import ZoneFinder
from orchestration.postgres.connection import Connection
from orchestration.warehouse.schema import ensure_warehouse

DEFAULT_SOURCE_SYSTEM = "native"
DEFAULT_MAX_REJECT_SHARE = 0.05
# Loads take turns, so one may take what the server allows for upkeep: its joins are on whole files.
USE_MAINTENANCE_MEMORY = """
    select set_config('work_mem', m.setting || m.unit, true)
    from pg_catalog.pg_settings as m
    inner join pg_catalog.pg_settings as w on w.name = 'work_mem'
    where m.name = 'maintenance_work_mem' and m.setting::bigint > w.setting::bigint
"""


def load_path(  # noqa: PLR0913 - each is an option of `chairside load`
    connection: Connection,
    path: Path | str,
    mapping: Path | str | None = None,
    *,
    source_system: str | None = None,
    max_reject_share: float = DEFAULT_MAX_REJECT_SHARE,
    snapshot: bool = False,
    clock: datetime | None = None,
    progress: Callable[[Progress], None] | None = None,
    on_wait: Callable[[str], None] | None = None,
) -> LoadReport:
    """Load a file or folder in the native layout, or through a mapping, and commit.

    `clock` (with a time zone) decides what lies in the future; `snapshot` marks rows deleted that
    the files no longer have; `on_wait` is told for which refresh the load waits. Raises
    ChairsideError, after writing the failed load to ops.loads, where a file cannot be used or more
    than `max_reject_share` (0 to 1) of its rows are rejected.
    """
    path = Path(path)
    if not path.exists():
        raise ChairsideError(f"{path} does not exist.", "Give a data file or a folder of them.")
    ensure_warehouse(connection)
    plan = read_mapping(Path(mapping), load_contract()) if mapping else None
    entry = ledger.begin(
        connection,
        source_system or (plan.source_system if plan else DEFAULT_SOURCE_SYSTEM),
        str(path),
        str(mapping) if mapping else None,
    )
    run = _new_run(connection, entry, plan, clock or now_utc())
    run.snapshot, run.progress, run.on_wait = snapshot, progress, on_wait
    report = LoadReport(entry.load_id, entry.source_system, entry.path, run.reports)
    try:
        _load_feeds(_feeds(path, plan, run), run, entry)
        _refuse_if_too_many(run, max_reject_share)
        ledger.record_success(connection, entry, report, run.problems)
    except (ChairsideError, psycopg2.Error) as error:
        if not connection.closed:
            ledger.record_failure(connection, entry, report, run.problems, str(error))
        raise
    finally:
        report.first_errors = run.problems.first(ERROR)
        report.first_warnings = run.problems.first(WARNING)
        run.problems.close()
    refresh_statistics(connection, run.contract, report.files)
    return report


def _new_run(
    connection: Connection, entry: ledger.LedgerEntry, plan: Mapping | None, clock: datetime
) -> LoadRun:
    contract = load_contract()
    zones = ZoneFinder(connection, contract, plan.timezone if plan else None)
    policy = plan.policy if plan else DEFAULT_POLICY
    return LoadRun(
        connection=connection,
        contract=contract,
        conversion=Conversion(clock, zones, policy),
        problems=ProblemLog(),
        load_id=entry.load_id,
        source_system=entry.source_system,
    )


def _feeds(path: Path, plan: Mapping | None, run: LoadRun) -> list[Feed]:
    if plan is None:
        return [NativeFeed(entity, file) for entity, file in find_native_files(path, run.contract)]
    mapped = MappedLoad(run.connection, path, plan, run.contract, run.problems, run.progress)
    return mapped.feeds()


def _load_feeds(feeds: list[Feed], run: LoadRun, entry: ledger.LedgerEntry) -> None:
    with run.connection.cursor() as cursor:
        cursor.execute(USE_MAINTENANCE_MEMORY)
        cursor.execute(
            sql.SQL(
                "create temporary table {} (entity text, _file integer, _line bigint)"
                " on commit drop"
            ).format(WARNED_TABLE)
        )
    loads: list[EntityLoad] = []
    for feed in feeds:
        load = EntityLoad(feed, run)
        load.stage()
        if not loads:
            share_inputs(run.connection, run.on_wait)
        names = tuple(file.name for file in feed.files)
        load.store(Stamp(entry.load_id, run.source_system, entry.started_at, names))
        if feed.entity.name == "locations":
            run.conversion.zones.forget()
        loads.append(load)
    # Parents may come after their children in the contract, so references are looked up last.
    for load in loads:
        load.warn_of_unknown_parents()


def _refuse_if_too_many(run: LoadRun, max_reject_share: float) -> None:
    """Raise ChairsideError where a file has too many rejects, naming the worst file."""
    worst = max(run.reports, key=lambda report: report.rejected_share, default=None)
    if worst is None or worst.rejected_share <= max_reject_share:
        return
    raise ChairsideError(
        _too_many_message(worst, run, max_reject_share),
        "Correct the file and load it again; nothing of this load was kept. To load the good rows"
        " all the same, raise --max-reject-share. The rejected rows are in ops.rejected_rows,"
        f" with load_id {run.load_id}.",
    )


def _too_many_message(worst: FileReport, run: LoadRun, max_reject_share: float) -> str:
    first = run.problems.first_errors.get(worst.file_name, [])
    lines = [
        f"{worst.file_name}: {worst.rows_rejected} of {worst.rows_read} rows"
        f" ({worst.rejected_share:.1%}) were rejected;"
        f" at most {max_reject_share:.1%} may be:"
    ]
    return "\n".join([*lines, *(f"  {problem}" for problem in first)])
