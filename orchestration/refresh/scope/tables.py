"""The tables of schema scope: emptied, and filled with organizations; and statements on them.

Put here what planning and verifying share. Do not put here the choice of keys (plan.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from orchestration.postgres.connection import Connection
from orchestration.warehouse.query import fetch_value

KEY_TABLES = (
    "customers",
    "profiles",
    "appointments",
    "sales",
    "payments",
    "refunds",
    "gift_card_events",
    "loyalty_accounts",
    "loyalty_events",
    "packages",
    "package_redemptions",
    "memberships",
    "staff_shifts",
    "campaign_sends",
    "visits",
    "days",
    "ledger_days",
    "months",
)


def clear(connection: Connection) -> None:
    """Empty every table, in the caller's transaction."""
    tables = (
        "pass",
        "loads",
        "organizations",
        "touched_organizations",
        "row_versions",
        "new_days",
    )
    names = ", ".join(f"scope.{table}" for table in (*tables, *KEY_TABLES))
    run(connection, f"truncate {names}")


def put_in_scope(connection: Connection, organizations: Sequence[str]) -> None:
    """Fill schema scope for a rebuild of these organizations whole, which nobody publishes."""
    with transaction(connection):
        clear(connection)
        for table in ("organizations", "touched_organizations"):
            run(
                connection,
                f"insert into scope.{table} select unnest(%(organizations)s)",
                {"organizations": list(organizations)},
            )
            run(connection, f"analyze scope.{table}")


def that_fit(connection: Connection, organizations: Sequence[str], rows: int) -> dict[str, int]:
    """Return the first of these organizations that have at most so many rows together, and theirs.

    Rows are bookings, or tickets where those are more; an organization counts as one at least. The
    first one is taken whatever its size.
    """
    taken: dict[str, int] = {}
    for organization in organizations:
        # One by one: nobody is counted who is not taken, but for the one that ends it.
        size = int(fetch_value(connection, _SIZE, {"organization": organization}))
        if taken and sum(taken.values()) + size > rows:
            break
        taken[organization] = size
    return taken


def run(connection: Connection, statement: str, values: dict[str, object] | None = None) -> int:
    """Run a statement and return how many rows it concerned."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def ids(connection: Connection, statement: str) -> list[int]:
    """Return the numbers that a query gives."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [int(number) for (number,) in cursor.fetchall()]


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """Make one transaction on a connection that commits by itself."""
    run(connection, "begin")
    try:
        yield
    except BaseException:
        run(connection, "rollback")
        raise
    run(connection, "commit")


_SIZE = """
    select greatest(
        (select count(*) from raw_native.appointments where organization_id = %(organization)s),
        (select count(*) from raw_native.sales where organization_id = %(organization)s),
        1
    )
"""
