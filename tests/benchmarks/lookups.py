"""How long the two commonest questions take: one client by key, one organization's month.

    python -m tests.benchmarks.lookups      (on the warehouse in use, which must hold marts)

Prints milliseconds at the median and the 95th percentile, over one connection, rows fetched.
"""

from __future__ import annotations

import statistics
import time

from orchestration.postgres.connection import Connection, connect
from orchestration.postgres.server import ensure_running
from orchestration.settings import Settings

REPEATS = 200
CLIENTS = """
    select organization_id, customer_id from marts.customer_analytics
    order by md5(customer_id) limit %s
"""
MONTHS = """
    select organization_id, month_start_date from marts.financial_monthly
    group by organization_id, month_start_date order by md5(month_start_date::text) limit %s
"""
QUESTIONS = {
    "one client by key": (
        CLIENTS,
        "select * from marts.customer_analytics where organization_id = %s and customer_id = %s",
    ),
    "one client's tickets": (
        CLIENTS,
        "select * from marts.sales where organization_id = %s and customer_id = %s",
    ),
    "one organization's month, by day": (
        MONTHS,
        "select * from marts.financial_daily where organization_id = %s"
        " and business_date >= %s::date and business_date < %s::date + interval '1 month'",
    ),
    "one organization's month, in one row per location": (
        MONTHS,
        "select * from marts.financial_monthly"
        " where organization_id = %s and month_start_date = %s",
    ),
}


def time_question(connection: Connection, keys: str, query: str) -> list[float]:
    """Return the milliseconds of each of up to REPEATS runs, every run with another key."""
    seconds = []
    with connection.cursor() as cursor:
        cursor.execute(keys, (REPEATS,))
        for key in cursor.fetchall():
            values = (*key, key[-1])[: query.count("%s")]
            start = time.perf_counter()
            cursor.execute(query, values)
            cursor.fetchall()
            seconds.append((time.perf_counter() - start) * 1000)
    return seconds


def main() -> None:
    """Ask each question and print how long it took."""
    with connect(ensure_running(Settings.from_environment()).warehouse) as connection:
        for name, (keys, query) in QUESTIONS.items():
            times = sorted(time_question(connection, keys, query))
            p95 = times[int(len(times) * 0.95) - 1]
            print(f"{name:50} median {statistics.median(times):6.2f} ms   p95 {p95:6.2f} ms")


if __name__ == "__main__":
    main()
