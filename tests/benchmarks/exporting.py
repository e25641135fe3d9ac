"""How fast segments are exported: `python -m tests.benchmarks.exporting [ROWS]`.

Makes a segment of ROWS clients who all agreed, in a database of its own, and exports it over one
channel: once in each format, as a copy without a delta, then twice in all formats with one. Each
export runs in a process of its own. Prints rows a second, the peak memory of that process, and the
time as a ratio to a bare COPY of the same columns. Asserts nothing: clocks differ between machines.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path

from orchestration.exporting.export import run_exports
from orchestration.postgres.connection import connect
from orchestration.postgres.server import ensure_running
from orchestration.settings import Settings
from orchestration.warehouse.schema import ensure_warehouse
from tests.conftest import database_maker
from tests.exporting.conftest import MARTS

CLIENTS = """
insert into marts.customer_analytics (
    organization_id, customer_id, name, email, phone, email_consent, is_suppressed, visits,
    last_visit_at, net_12m_minor, net_lifetime_minor, currency, preferred_staff_id
)
select
    'benchmark', 'C' || n, 'Client Number ' || n, 'client' || n || '@example.com',
    '604 555 ' || n %% 10000, true, false, n %% 60,
    '2026-01-01'::timestamptz - n * interval '1 min',
    n * 7 %% 100000, n * 31 %% 1000000, 'CAD', 'S' || n %% 40
from generate_series(1, %s) as n
"""
MEMBERS = """
insert into marts.customer_segments
select organization_id, 'vip', customer_id, true from marts.customer_analytics
"""
BARE_COPY = """
copy (
    select customer_id, name, email, visits, last_visit_at, net_12m_minor, net_lifetime_minor,
        currency, preferred_staff_id
    from marts.customer_analytics order by customer_id
) to stdout (format csv)
"""


def fill(url: str, rows: int) -> None:
    """Publish one organization with a segment of `rows` clients."""
    with connect(url) as connection, connection.cursor() as cursor:
        ensure_warehouse(connection)
        cursor.execute(MARTS)
        cursor.execute("insert into reference.segments values ('vip', 'All of them')")
        cursor.execute(CLIENTS, (rows,))
        cursor.execute(MEMBERS)
    with connect(url, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute("vacuum analyze marts.customer_analytics, marts.customer_segments")


def bare_copy(url: str, folder: str) -> float:
    """Return the seconds that a COPY to a file takes."""
    with connect(url) as connection, connection.cursor() as cursor:
        with Path(folder, "bare.csv").open("wb") as file:
            started = time.perf_counter()
            cursor.copy_expert(BARE_COPY, file)
        return time.perf_counter() - started


def measure(url: str, folder: str, formats: list[str] | None) -> tuple[float, float, float]:
    """Export; return seconds, this process's CPU seconds and its peak memory in MB."""
    settings = Settings.from_environment()
    regular = Path(folder, "exports")
    settings = Settings(settings.project_root, Path(folder), regular)
    started = time.perf_counter()
    with connect(url) as connection:
        run_exports(
            connection,
            settings,
            ["segment_vip"],
            formats=formats,
            out=Path(folder, "copy") if formats else None,
        )
    seconds = time.perf_counter() - started
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main(rows: int) -> None:
    """Measure and print the table."""
    spawn = get_context("spawn")
    server = ensure_running(Settings.from_environment()).warehouse
    with database_maker(server)() as url, tempfile.TemporaryDirectory() as folder:
        fill(url, rows)
        base = bare_copy(url, folder)
        print(f"{rows} clients; a bare COPY takes {base:.2f} s")
        print(f"{'export':<28}{'seconds':>9}{'rows/s':>10}{'of COPY':>9}{'CPU s':>8}{'peak MB':>9}")
        cases = [
            ("csv, a copy", ["csv"]),
            ("parquet, a copy", ["parquet"]),
            ("xlsx, a copy", ["xlsx"]),
            ("all formats, all are new", None),
            ("all formats, nobody is new", None),
        ]
        for label, formats in cases:
            with spawn.Pool(1) as pool:
                seconds, cpu, memory = pool.apply(measure, (url, folder, formats))
            print(
                f"{label:<28}{seconds:>9.2f}{rows / seconds:>10.0f}{seconds / base:>9.1f}"
                f"{cpu:>8.2f}{memory:>9.0f}"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
