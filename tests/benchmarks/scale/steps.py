"""The steps of the benchmark, each measured by itself.

Put here what is run and measured. Do not put here instruments (meters.py), targets or options.
"""

from __future__ import annotations

import shutil
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

from orchestration.postgres.connection import connect
from orchestration.warehouse.query import fetch_value
from tests.benchmarks.scale import queries
from tests.benchmarks.scale.figures import Step
from tests.benchmarks.scale.hour import write_hour
from tests.benchmarks.scale.meters import postgres_cost
from tests.benchmarks.scale.size import AS_OF, Size
from tests.benchmarks.scale.warehouse import Command, Warehouse

BASELINE = Path(__file__).with_name("baseline")
HOUR = timedelta(hours=1)


class Benchmark:
    """The steps, in the order of STEPS."""

    def __init__(self, size: Size, warehouse: Warehouse, *, drops_files: bool = False) -> None:
        """Nothing is run yet. `drops_files` deletes the raw files once they are loaded."""
        self.size = size
        self.drops_files = drops_files
        self.warehouse = warehouse
        self.data = warehouse.home / "data"

    def generate(self) -> Step:
        """Write the platform's files."""
        shutil.rmtree(self.data, ignore_errors=True)
        command = self.warehouse.run("demo", str(self.data), *self.size.demo_arguments())
        files = sum(path.stat().st_size for path in self.data.glob("*.csv"))
        return _of_command(command) | {"files_bytes": files}

    def load(self) -> Step:
        """Load all of them into a warehouse that is empty."""
        urls = self.warehouse.start()
        with postgres_cost(urls) as cost:
            command = self.warehouse.run("load", str(self.data))
        if self.drops_files:
            shutil.rmtree(self.data)
        with connect(urls.warehouse) as connection:
            rows = queries.rows_of_last_load(connection)
        read = sum(rows.values())
        return _of_command(command) | {
            "postgres": asdict(cost),
            "settings": self.warehouse.given,
            "rows": rows,
            "rows_read": read,
            "rows_a_second": read / command.seconds,
        }

    def full(self) -> Step:
        """Rebuild every table from nothing."""
        return self._refresh("--full", "--as-of", self._next_moment(timedelta()).isoformat())

    def hour(self) -> Step:
        """Load what 1,000 bookings of an hour changed, and refresh."""
        urls = self.warehouse.start()
        moment = self._next_moment(HOUR)
        folder = self.warehouse.home / "hours" / f"{moment:%Y%m%dT%H}"
        with connect(urls.warehouse) as connection:
            files = write_hour(connection, folder, moment)
        loaded = self.warehouse.run("load", str(folder))
        refreshed = self._refresh("--as-of", moment.isoformat())
        return refreshed | {"files": files, "load_seconds": loaded.seconds}

    def idle(self) -> Step:
        """Refresh an hour later, with nothing loaded."""
        return self._refresh("--as-of", self._next_moment(HOUR).isoformat())

    def verify(self) -> Step:
        """Compare the public tables with a rebuild, where the command line offers it."""
        if not self.warehouse.knows("refresh", "--verify"):
            return {}
        return self._refresh("--verify")

    def sizes(self) -> Step:
        """Measure what lies on disk."""
        with connect(self.warehouse.start().warehouse) as connection:
            sizes = queries.schema_bytes(connection)
            database = fetch_value(connection, "select pg_database_size(current_database())")
        raw, marts = sizes.get("raw_native", 0), sizes.get("marts", 0)
        return {
            "raw_tables_bytes": raw,
            "marts_bytes": marts,
            "other_bytes": database - raw - marts,
            "warehouse_bytes": database,
            "schemas": sizes,
        }

    def baseline(self) -> Step:
        """Refresh S0's three views, corrected, over the same raw tables."""
        urls = self.warehouse.start()
        moment = self._next_moment(timedelta())
        with connect(urls.warehouse) as connection, connection.cursor() as cursor:
            cursor.execute("drop schema if exists baseline cascade; create schema baseline")
            cursor.execute(
                "create function baseline.as_of() returns timestamptz immutable"
                " return timestamptz %s",
                (moment.isoformat(),),
            )
            for path in sorted(BASELINE.glob("*.sql")):
                cursor.execute(path.read_text(encoding="utf-8"))
        seconds = {}
        with postgres_cost(urls) as cost:
            for path in sorted(BASELINE.glob("*.sql")):
                started = datetime.now(UTC)
                with connect(urls.warehouse) as connection, connection.cursor() as cursor:
                    cursor.execute(f"refresh materialized view baseline.{path.stem}")
                seconds[path.stem] = (datetime.now(UTC) - started).total_seconds()
        with connect(urls.warehouse) as connection, connection.cursor() as cursor:
            rows = {
                name: fetch_value(connection, f"select count(*) from baseline.{name}")
                for name in seconds
            }
            cursor.execute("drop schema baseline cascade")
        return {
            "seconds": sum(seconds.values()),
            "views": seconds,
            "rows": rows,
            "postgres": asdict(cost),
        }

    def _refresh(self, *options: str) -> Step:
        urls = self.warehouse.start()
        with connect(urls.warehouse) as connection:
            before = queries.last_refresh_id(connection)
        with postgres_cost(urls) as cost:
            command = self.warehouse.run("refresh", *options)
        with connect(urls.warehouse) as connection:
            refreshes = queries.refreshes_after(connection, before)
        with connect(urls.dagster) as connection:
            run = queries.run_seconds(connection, [r["dagster_run_id"] for r in refreshes])
        dbt = sum(r["dbt_seconds"] for r in refreshes)
        return _of_command(command) | {
            "run_seconds": run,
            "dbt_seconds": dbt,
            "dagster_seconds": run - dbt,
            "rows_changed": sum(r["rows_changed"] for r in refreshes),
            "postgres": asdict(cost),
            "refreshes": refreshes,
            "output": command.output[-3000:],
        }

    def _next_moment(self, later: timedelta) -> datetime:
        """Return the clock of the last refresh, so much later; of the first, the data's present."""
        with connect(self.warehouse.start().warehouse) as connection:
            last = queries.last_as_of(connection)
        return (last + later if last else datetime.fromisoformat(AS_OF)).astimezone(UTC)


STEPS = ("generate", "load", "full", "hour", "idle", "verify", "sizes", "baseline")


def _of_command(command: Command) -> Step:
    return {
        "seconds": command.seconds,
        "processor_seconds": command.processor_seconds,
        "peak_memory_bytes": command.peak_memory_bytes,
    }
