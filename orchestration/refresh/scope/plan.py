"""Planning one pass of a refresh: which organizations are rebuilt whole, which keys of the others.

Put here the order of the planning. Do not put here its statements (the .sql files, changes.py), the
tables it fills (tables.py) or what follows a plan (passes.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import count

from orchestration.contract.model import load_contract
from orchestration.postgres.connection import Connection
from orchestration.refresh.scope.changes import (
    collect_changes,
    set_alarms_of_changes,
    set_alarms_of_organizations,
)
from orchestration.refresh.scope.queries import statements
from orchestration.refresh.scope.tables import (
    KEY_TABLES,
    clear,
    ids,
    run,
    that_fit,
    transaction,
)
from orchestration.warehouse.query import fetch_value

# Bookings or tickets that one pass rebuilds at most, unless a single organization has more: what is
# built in between then fits the disk, and much of it memory.
ROWS_OF_A_PASS = 1_500_000
LARGE_ROWS = 100_000
COVERAGE = "input.input__organization_coverage"


@dataclass(frozen=True, slots=True)
class Pass:
    """What one pass recomputes. Counts are rows of the scope's tables."""

    organizations: int
    stale_because: tuple[str, ...]
    # Organizations where a local day has begun.
    new_days: int
    changed_rows: int
    customers: int
    days: int
    is_last: bool
    # Seeds and staging views are of these definitions already.
    is_founded: bool
    # So many rows that new tables are filled faster than ones with indexes.
    is_large: bool

    def __str__(self) -> str:
        """Return one line for a person."""
        parts = []
        if self.organizations:
            because = ", ".join(self.stale_because)
            parts.append(f"{self.organizations} organizations whole ({because})")
        if self.new_days:
            parts.append(f"a new day at {self.new_days} organizations")
        if self.changed_rows:
            parts.append(f"{self.changed_rows} changed rows")
        if self.new_days or self.changed_rows:
            parts.append(f"{self.customers} clients, {self.days} days")
        return "; ".join(parts) or "nothing"


def mark_all_stale(connection: Connection, reason: str) -> None:
    """Have every organization rebuilt, by this refresh or the ones after it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update ops.organization_states set is_stale = true, stale_because = %s", (reason,)
        )


def plan_pass(
    connection: Connection, *, refresh_id: int, as_of: datetime, definitions: str, is_first: bool
) -> Pass | None:
    """Fill schema scope for the next pass, and return it; None when nothing is left to do.

    The caller holds the refresh's lock and the inputs' lock, so that no load comes in between.
    `connection` commits by itself; the plan is one transaction.
    """
    with transaction(connection):
        clear(connection)
        if is_first:
            _plan_keys(connection, as_of, definitions)
        changed = int(fetch_value(connection, "select count(*) from scope.row_versions"))
        new_days = int(fetch_value(connection, _COUNT_NEW_DAYS))
        stale = int(fetch_value(connection, _COUNT_STALE))
        if not (changed or new_days or stale):
            return None
        # A pass recomputes keys or rebuilds organizations, not both: dbt's SQL is of one kind.
        taken = {} if changed or new_days else _take_organizations(connection)
        organizations = len(taken)
        reasons = _reasons(connection) if taken else ()
        is_last = organizations == stale
        if organizations:
            run(connection, _TOUCH)
            set_alarms_of_organizations(connection, load_contract(), as_of)
        values = (refresh_id, as_of, definitions, is_first, is_last)
        with connection.cursor() as cursor:
            cursor.execute("insert into scope.pass values (%s, %s, %s, %s, %s)", values)
            for table in ("organizations", "touched_organizations", *KEY_TABLES):
                cursor.execute(f"analyze scope.{table}")
        customers = fetch_value(connection, "select count(*) from scope.customers")
        days = fetch_value(connection, "select count(*) from scope.days")
        is_founded = fetch_value(connection, _IS_FOUNDED, (definitions,))
    return Pass(
        organizations=organizations,
        stale_because=reasons,
        new_days=new_days,
        changed_rows=changed,
        customers=customers,
        days=days,
        is_last=is_last,
        is_founded=is_founded,
        is_large=sum(taken.values()) > LARGE_ROWS,
    )


def note_nothing(connection: Connection, refresh_id: int, as_of: datetime) -> None:
    """End a refresh whose plan is empty: the public tables are right by its clock as they are."""
    with transaction(connection):
        for statement in _NOTHING:
            run(connection, statement, {"refresh_id": refresh_id, "as_of": as_of})


def _plan_keys(connection: Connection, as_of: datetime, definitions: str) -> None:
    staleness = statements("staleness")
    values = {"as_of": as_of, "definitions": definitions}
    run(connection, _TAKE_LOADS)
    for name in ("register", "mark_definitions", "mark_clock", "mark_long_pauses"):
        run(connection, staleness[name], values)
    if not fetch_value(
        connection, "select exists (select from ops.organization_states where not is_stale)"
    ):
        return
    loads = ids(connection, "select load_id from scope.loads order by load_id")
    collect_changes(connection, load_contract(), loads, as_of)
    for name in ("mark_settings", "mark_vanished", "mark_coverage"):
        run(connection, staleness[name].format(coverage=COVERAGE), values)
    run(connection, _FORGET_STALE)
    run(connection, f"insert into scope.new_days {staleness['new_days']}", values)
    if not fetch_value(connection, _HAS_KEYS):
        return
    for table in ("row_versions", "new_days"):
        run(connection, f"analyze scope.{table}")
    set_alarms_of_changes(connection, as_of)
    _plan_linked(connection, values)


def _plan_linked(connection: Connection, values: dict[str, object]) -> None:
    run(connection, _TOUCH)
    for name, statement in statements("keys").items():
        if name.startswith("seed_"):
            run(connection, statement)
    _close(connection)
    for statement in statements("customers").values():
        run(connection, statement, values)
    # Referrers and those they brought have ids of their own.
    run(connection, statements("customers")["cluster"])
    for statement in statements("days").values():
        run(connection, statement, values)
    for statement in statements("history").values():
        run(connection, statement)
    _close(connection)
    for statement in statements("dependents").values():
        run(connection, statement, values)


def _close(connection: Connection) -> None:
    """Follow the links between bookings, tickets, payments and refunds until nothing is added."""
    links = [text for name, text in statements("keys").items() if name.startswith("link_")]
    for table in ("appointments", "sales", "payments", "refunds"):
        run(connection, f"analyze scope.{table}")
    for number in count(1):
        if not sum(run(connection, link, {"round": number}) for link in links):
            return


def _take_organizations(connection: Connection) -> dict[str, int]:
    """Fill scope.organizations with stale ones that fit a pass; return them with their rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select organization_id from ops.organization_states where is_stale"
            " order by organization_id"
        )
        taken = that_fit(connection, [name for (name,) in cursor.fetchall()], ROWS_OF_A_PASS)
        cursor.execute("insert into scope.organizations select unnest(%s)", (list(taken),))
    return taken


def _reasons(connection: Connection) -> tuple[str, ...]:
    """Return why the organizations in scope are rebuilt whole."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select distinct stale_because from ops.organization_states"
            " inner join scope.organizations using (organization_id) order by 1"
        )
        return tuple(str(reason) for (reason,) in cursor.fetchall())


_TAKE_LOADS = """
    insert into scope.loads (load_id)
    select load_id from ops.loads where status = 'succeeded' and refresh_id is null
"""
# Rows of stale organizations need no keys: everything of theirs is recomputed.
_FORGET_STALE = """
    delete from scope.row_versions as versions
    using ops.organization_states as states
    where versions.organization_id = states.organization_id and states.is_stale
"""
_COUNT_NEW_DAYS = "select count(distinct organization_id) from scope.new_days"
_HAS_KEYS = """
    select exists (select from scope.row_versions) or exists (select from scope.new_days)
"""
_COUNT_STALE = "select count(*) from ops.organization_states where is_stale"
_IS_FOUNDED = """
    select exists (select from ops.organization_states where definitions = %s)
"""
_NOTHING = (
    "update ops.loads set refresh_id = %(refresh_id)s"
    " where load_id in (select load_id from scope.loads)",
    "update ops.organization_states set as_of = %(as_of)s where as_of < %(as_of)s",
    """
    update ops.refreshes
    set status = 'succeeded', published_at = clock_timestamp(), finished_at = clock_timestamp(),
        seconds = extract(epoch from clock_timestamp() - started_at),
        rows_inserted = 0, rows_updated = 0, rows_deleted = 0
    where refresh_id = %(refresh_id)s
    """,
)
_TOUCH = """
    insert into scope.touched_organizations (organization_id)
    select organization_id from scope.organizations
    union
    select organization_id from scope.row_versions
    union
    select organization_id from scope.new_days
    on conflict do nothing
"""
