"""What comparing a public table with its rebuild costs: by hashes, and by joining every row.

    python -m tests.benchmarks.verification --rows 1000000

Makes two equal tables of 38 columns in a schema of its own on the server in use, compares them both
ways in turn, then with three rows changed, and drops them. Needs no data.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from psycopg2 import sql

from orchestration.postgres.connection import Connection, connect
from orchestration.postgres.server import ensure_running
from orchestration.refresh.verification import TablePair, compare
from orchestration.settings import Settings
from orchestration.warehouse.query import fetch_value

PAIR = TablePair(
    ("verification_benchmark", "built"),
    ("verification_benchmark", "public"),
    ("organization_id", "row_id"),
)
KINDS = {
    "text": "'v' || (n * {i} %% 9973)",
    "bigint": "n * {i}",
    "boolean": "(n + {i}) %% 2 = 0",
    "date": "date '2020-01-01' + (n * {i} %% 2000)::integer",
    "timestamptz": "timestamptz '2020-01-01 00:00Z' + n * {i} * interval '1 second'",
    "numeric": "nullif(n * {i} %% 977, 0) / 100.0",
}
COLUMNS = {f"{kind}_{i}": (kind, i) for i in range(1, 7) for kind in KINDS}


@contextmanager
def tables(connection: Connection, rows: int, organizations: int) -> Iterator[None]:
    """Make the two tables and drop them at the end of the block."""
    columns = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind))
        for name, (kind, _) in COLUMNS.items()
    )
    values = sql.SQL(", ").join(sql.SQL(KINDS[k].format(i=i)) for k, i in COLUMNS.values())
    with connection.cursor() as cursor:
        cursor.execute("drop schema if exists verification_benchmark cascade")
        cursor.execute("create schema verification_benchmark")
        for table in (PAIR.built, PAIR.public):
            name = sql.Identifier(*table)
            cursor.execute(
                sql.SQL(
                    "create table {} (organization_id text, row_id text, {},"
                    " primary key (organization_id, row_id))"
                ).format(name, columns)
            )
            cursor.execute(
                sql.SQL(
                    "insert into {} select 'o' || (n %% %s), 'r' || n, {}"
                    " from generate_series(1::bigint, %s) as n"
                ).format(name, values),
                (organizations, rows),
            )
            cursor.execute(sql.SQL("vacuum (analyze) {}").format(name))
        yield
        cursor.execute("drop schema verification_benchmark cascade")


def join_every_row(connection: Connection) -> int:
    """Return how many rows differ, by one full join of both tables: what hashes are to beat."""
    differs = sql.SQL(" or ").join(
        sql.SQL("new.{0} is distinct from old.{0}").format(sql.Identifier(c)) for c in COLUMNS
    )
    statement = sql.SQL(
        "select count(*) filter (where new.row_id is null or old.row_id is null or {})"
        " from {} as new full join {} as old using (organization_id, row_id)"
    ).format(differs, sql.Identifier(*PAIR.built), sql.Identifier(*PAIR.public))
    return int(fetch_value(connection, statement))


def compare_by_hashes(connection: Connection) -> int:
    """Return how many rows differ, as the verification does it."""
    difference = compare(connection, PAIR)
    return difference.missing + difference.extra + difference.changed


def spilled(connection: Connection) -> int:
    """Return the bytes that this database has written to temporary files so far."""
    fetch_value(connection, "select pg_stat_force_next_flush()")
    return int(
        fetch_value(
            connection,
            "select temp_bytes from pg_stat_database where datname = current_database()",
        )
    )


def measure(connection: Connection, what: str, repeats: int, differing: int) -> None:
    """Time both ways in turn and print the median, and what each spilled to disk."""
    ways: dict[str, Callable[[Connection], int]] = {
        "hashes": compare_by_hashes,
        "join of every row": join_every_row,
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    bytes_written = dict.fromkeys(ways, 0)
    for _ in range(repeats):
        for name, way in ways.items():
            before, started = spilled(connection), time.perf_counter()
            found = way(connection)
            seconds[name].append(time.perf_counter() - started)
            bytes_written[name] = spilled(connection) - before
            if found != differing:
                raise SystemExit(f"{name} found {found} differing rows instead of {differing}.")
    for name in ways:
        print(
            f"{what:16} {name:18} {statistics.median(seconds[name]):7.2f} s"
            f" {bytes_written[name] / 1e6:9.1f} MB spilled"
        )


def main() -> None:
    """Measure once with equal tables and once with three rows changed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--organizations", type=int, default=200)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    url = ensure_running(Settings.from_environment()).warehouse
    with (
        connect(url, autocommit=True) as connection,
        tables(connection, options.rows, options.organizations),
    ):
        measure(connection, "equal", options.repeats, 0)
        with connection.cursor() as cursor:
            cursor.execute(
                sql.SQL("update {} set bigint_1 = -1 where row_id in ('r1', 'r2', 'r3')").format(
                    sql.Identifier(*PAIR.public)
                )
            )
        measure(connection, "3 rows differ", options.repeats, 3)


if __name__ == "__main__":
    main()
