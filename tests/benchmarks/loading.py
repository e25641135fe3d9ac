"""How fast files are loaded: `python -m tests.benchmarks.loading [ROWS]`.

Prints rows a second of wall time and per core (CPU of this process and of its Postgres backend
together), the peak memory of this process, and the ratio to a bare COPY of the same file into an
unindexed table. Asserts nothing: clocks differ between machines.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from orchestration.loading.load import load_path
from orchestration.postgres.connection import Connection, connect
from orchestration.postgres.server import ensure_running
from orchestration.settings import Settings

ORGANIZATION = "benchmark"
LOCATIONS = 20


def write_folder(folder: Path, rows: int) -> None:
    """Write locations, sales and sale_lines of one made-up organization, lines being `rows`."""
    (folder / "locations.csv").write_text(
        "organization_id,location_id,name,timezone,currency\n"
        + "".join(f"{ORGANIZATION},L{i},Shop {i},America/Toronto,CAD\n" for i in range(LOCATIONS))
    )
    random = np.random.default_rng(7)
    number = np.arange(rows)
    start = np.datetime64("2021-01-01T09:00:00") + random.integers(0, 150_000_000, rows)
    text = pc.strftime(pa.array(start.astype("datetime64[s]")), "%Y-%m-%dT%H:%M:%S")
    stamp = pc.binary_join_element_wise(text, "Z", "")
    columns = {
        "organization_id": pa.array([ORGANIZATION] * rows),
        "appointment_id": _labels("A", number),
        "location_id": _labels("L", number % LOCATIONS),
        "customer_id": _labels("C", random.integers(0, max(1, rows // 20), rows)),
        "status": pa.array(["confirmed", "attended", "no_show", "cancelled"]).take(
            pa.array(random.integers(0, 4, rows))
        ),
        "source": pa.array(["online", "phone", "app"]).take(pa.array(number % 3)),
        "created_at": stamp,
        "start_at": stamp,
        "end_at": stamp,
        "version": pa.array(number % 4 + 1),
        "updated_at": stamp,
    }
    arrow_csv.write_csv(pa.table(columns), folder / "appointments.csv")
    lines = {
        "organization_id": columns["organization_id"],
        "sale_id": _labels("S", number // 3),
        "sale_line_id": _labels("", number % 3),
        "line_type": pa.array(["service", "product"]).take(pa.array(number % 2)),
        "item_id": _labels("I", number % 80),
        "description": pa.array(["Women's cut", "Colour, full head"]).take(pa.array(number % 2)),
        "staff_id": _labels("T", number % 50),
        "quantity": pa.array([1] * rows),
        "gross_amount": pa.array(np.round(random.uniform(10, 200, rows), 2)),
        "discount_amount": pa.array([None] * rows, pa.string()),
        "tax_amount": pa.array(np.round(random.uniform(1, 20, rows), 4)),
        "version": pa.array(number % 4 + 1),
        "updated_at": stamp,
    }
    arrow_csv.write_csv(pa.table(lines), folder / "sale_lines.csv")


def _labels(prefix: str, numbers: np.ndarray) -> pa.Array:
    return pc.binary_join_element_wise(prefix, pc.cast(pa.array(numbers), pa.string()), "")


def backend_cpu_seconds(connection: Connection) -> float:
    """Return the CPU time of the connection's server process, where /proc shows it."""
    try:
        fields = Path(f"/proc/{connection.info.backend_pid}/stat").read_text().rsplit(")", 1)[1]
    except OSError:
        return 0.0
    user, system = fields.split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def bare_copy_seconds(connection: Connection, path: Path, table: str) -> float:
    """Return how long COPY alone takes for a file, into a table of the same types."""
    header = path.open().readline().strip().replace('"', "")
    with connection.cursor() as cursor, path.open("rb") as file:
        cursor.execute(f"create temporary table bare (like raw_native.{table}) on commit drop")
        for name in ("_source_system", "_load_id", "_loaded_at", "_is_deleted"):
            cursor.execute(f"alter table bare alter column {name} drop not null")
        started = time.perf_counter()
        cursor.copy_expert(f"copy bare ({header}) from stdin (format csv, header)", file)
        seconds = time.perf_counter() - started
    connection.rollback()
    return seconds


def run(rows: int) -> None:
    """Load the same files three times: into empty tables, unchanged, and one file alone."""
    urls = ensure_running(Settings.from_environment())
    with tempfile.TemporaryDirectory() as name, connect(urls.warehouse) as connection:
        folder = Path(name)
        # In a process of its own, so that the peak memory is that of loading alone.
        writer = get_context("spawn").Process(target=write_folder, args=(folder, rows))
        writer.start()
        writer.join()
        for entity in ("locations", "appointments", "sale_lines"):
            path = folder / f"{entity}.csv"
            for what in ("first", "again"):
                before = time.process_time() + backend_cpu_seconds(connection)
                started = time.perf_counter()
                report = load_path(connection, path, clock=datetime(2026, 11, 1, tzinfo=UTC))
                wall = time.perf_counter() - started
                cpu = time.process_time() + backend_cpu_seconds(connection) - before
                read = report.total("rows_read")
                ratio = wall / bare_copy_seconds(connection, path, entity)
                print(
                    f"{entity:14} {what:6} {read:>9,} rows {wall:6.1f} s"
                    f" {read / wall:>9,.0f} rows/s, {read / max(cpu, 0.01):>9,.0f} per core,"
                    f" {ratio:.1f} x COPY, unchanged {report.total('rows_unchanged'):,}"
                )
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"peak memory of the loading process {peak:.0f} MB")
        with connection.cursor() as cursor:
            for entity in ("locations", "appointments", "sale_lines"):
                cursor.execute(
                    f"delete from raw_native.{entity} where organization_id = %s", (ORGANIZATION,)
                )


if __name__ == "__main__":
    run(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
