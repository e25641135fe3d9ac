"""Many refreshes in a row: whether their time and what they leave behind keep their size.

    python -m tests.benchmarks.thousand_refreshes --refreshes 1000

Makes a warehouse of its own in a temporary folder with the small demo, and refreshes it again and
again; before every second refresh a load moves some bookings, before the others nothing changed.
Retention runs after every 24th, as each night. A refresh stands for an hour: what retention keeps
for days it keeps here for as many refreshes, so that a thousand show six weeks. Prints a line for
each hundred: the median seconds of a refresh and the size of everything that could grow.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg

from orchestration import retention
from orchestration.demo.plan import Plan
from orchestration.demo.salon import make_demo, write_demo
from orchestration.launch import run_job
from orchestration.loading.load import load_path
from orchestration.postgres.connection import connect
from orchestration.postgres.environment import export_environment
from orchestration.postgres.server import DatabaseUrls, ensure_running, remove
from orchestration.refresh import retention as operations_log
from orchestration.settings import Settings
from orchestration.warehouse.query import fetch_value
from orchestration.warehouse.schema import ensure_warehouse

SMALL_PLAN = Plan(customers=300, years=1)
MOVED_BOOKINGS = 20
HOURS_OF_A_DAY = 24
FAILED = "refresh {} failed: {}"


@dataclass(frozen=True, slots=True)
class Line:
    """What the refreshes up to one of them took, and how much there is after it. Sizes in MB."""

    refreshes: int
    changed_seconds: float
    idle_seconds: float
    public: float
    raw: float
    operations_log: float
    warehouse: float
    dagster_database: float
    home_without_databases: float


@contextmanager
def own_warehouse() -> Iterator[tuple[Settings, DatabaseUrls, Path]]:
    """Start a server in a temporary folder, load the small demo, and remove all at the end."""
    with tempfile.TemporaryDirectory(prefix="chairside-benchmark-") as folder:
        os.environ["CHAIRSIDE_HOME"] = str(Path(folder) / "home")
        settings = Settings.from_environment()
        urls = ensure_running(settings)
        os.environ.update(export_environment(urls, settings))
        demo = Path(folder) / "demo"
        write_demo(make_demo(SMALL_PLAN), demo)
        try:
            with connect(urls.warehouse) as connection:
                ensure_warehouse(connection)
                load_path(connection, demo)
            yield settings, urls, demo
        finally:
            remove(settings)


def move_bookings(urls: DatabaseUrls, demo: Path, number: int) -> None:
    """Load some of the demo's bookings once more, moved by a few minutes and in a newer version."""
    with (demo / "appointments.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    dice = random.Random(number)
    moved = dice.sample([row for row in rows if row["start_at"]], MOVED_BOOKINGS)
    for row in moved:
        minutes = timedelta(minutes=dice.choice([-15, 15]))
        for column in ("start_at", "end_at"):
            if row[column]:
                row[column] = (datetime.fromisoformat(row[column]) + minutes).isoformat()
        row["version"] = str(1000 + number)
    with tempfile.TemporaryDirectory() as folder:
        with (Path(folder) / "appointments.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys())
            writer.writeheader()
            writer.writerows(moved)
        with connect(urls.warehouse) as connection:
            load_path(connection, Path(folder))


def refresh(settings: Settings, number: int) -> float:
    """Refresh once and return the seconds it took; stops the benchmark when it fails."""
    started = time.monotonic()
    result = run_job(settings, "refresh", by="benchmark")
    if not result.succeeded:
        raise SystemExit(FAILED.format(number, result.error))
    return time.monotonic() - started


def clean_up(urls: DatabaseUrls, seconds_of_an_hour: float) -> None:
    """Do what the daily retention does, by a clock on which a refresh takes an hour."""
    pace = seconds_of_an_hour / 3600
    limits = {
        (retention, "SUCCEEDED_RUNS"): retention.SUCCEEDED_RUNS,
        (retention, "OTHER_RUNS"): retention.OTHER_RUNS,
        (operations_log, "SHORT"): operations_log.SHORT,
        (operations_log, "LONG"): operations_log.LONG,
    }
    try:
        for (module, name), limit in limits.items():
            setattr(module, name, limit * pace)
        with dg.DagsterInstance.get() as instance:
            retention.prune_runs(instance, datetime.now(UTC))
        with connect(urls.dagster) as connection:
            retention.prune_check_evaluations(connection)
        with connect(urls.warehouse) as connection:
            operations_log.prune_operations_log(connection)
    finally:
        for (module, name), limit in limits.items():
            setattr(module, name, limit)


def look(
    settings: Settings, urls: DatabaseUrls, number: int, changed: list[float], idle: list[float]
) -> Line:
    """Return what the last refreshes took and how much there is now."""
    schema_size = (
        "select coalesce(sum(pg_total_relation_size(c.oid)), 0)::float / 1e6 from pg_class as c"
        " where c.relkind = 'r' and c.relnamespace = to_regnamespace(%s)"
    )
    database_size = "select pg_database_size(current_database())::float / 1e6"
    with connect(urls.warehouse) as connection:
        sizes = [fetch_value(connection, schema_size, (s,)) for s in ("marts", "raw_native", "ops")]
        warehouse = fetch_value(connection, database_size)
    with connect(urls.dagster) as connection:
        dagster_database = fetch_value(connection, database_size)
    return Line(
        number,
        statistics.median(changed or [0]),
        statistics.median(idle or [0]),
        *sizes,
        warehouse,
        dagster_database,
        _folder_size(settings.home, settings.home / "postgres"),
    )


def _folder_size(folder: Path, left_out: Path) -> float:
    files = [path for path in folder.rglob("*") if left_out not in path.parents]
    return sum(path.stat().st_size for path in files if path.is_file()) / 1e6


def main() -> None:
    """Refresh as often as asked and print a line now and then."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--refreshes", type=int, default=1000)
    parser.add_argument("--every", type=int, default=100, help="Refreshes from line to line.")
    parser.add_argument("--json", type=Path, help="Write the lines to this file as well.")
    options = parser.parse_args()
    changed: list[float] = []
    idle: list[float] = []
    lines: list[Line] = []
    with own_warehouse() as (settings, urls, demo):
        refresh(settings, 0)
        for number in range(1, options.refreshes + 1):
            if number % 2:
                move_bookings(urls, demo, number)
                changed.append(refresh(settings, number))
            else:
                idle.append(refresh(settings, number))
            if number % HOURS_OF_A_DAY == 0:
                clean_up(urls, statistics.mean(changed + idle))
            if number % options.every == 0 or number == options.refreshes:
                lines.append(look(settings, urls, number, changed, idle))
                changed, idle = [], []
                shown = asdict(lines[-1])
                if len(lines) == 1:
                    print("  ".join(shown))
                print("  ".join(f"{shown[n]:{len(n)}.1f}" for n in shown), flush=True)
                if options.json:
                    options.json.write_text(json.dumps([asdict(line) for line in lines], indent=2))


if __name__ == "__main__":
    main()
