"""Which raw rows changed since the last refresh, as they were and as they are, and which will.

Put here statements that go over every entity of the contract. Do not put here the keys that
follow from a changed row (the .sql files).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from psycopg2 import sql

from orchestration.contract.model import ColumnType, Contract, Entity
from orchestration.contract.tables import table_name
from orchestration.postgres.connection import Connection

# Instants that no model compares with the clock; what is added here moves nothing by itself.
IDLE_INSTANTS = frozenset(
    {
        ("appointment_services", "start_at"),
        ("campaigns", "started_at"),
        ("campaigns", "ended_at"),
        ("memberships", "ended_at"),
        ("packages", "expires_at"),
        ("staff_shifts", "scheduled_start_at"),
        ("staff_shifts", "scheduled_end_at"),
    }
)
# Days that stand for an instant where the source sends no time: something has happened when its day
# begins. Bookings without a time are seen to when they are published (macros/refresh/end_pass.sql).
DAYS = (("sales", "sale_date"), ("payments", "paid_date"), ("refunds", "refunded_date"))
# Points count as about to lapse this many days ahead (int_customer_loyalty).
LAPSING = "30 days"


def collect_changes(
    connection: Connection, contract: Contract, load_ids: Sequence[int], as_of: datetime
) -> int:
    """Fill scope.row_versions for organizations that are not stale; return how many rows."""
    values = {"load_ids": list(load_ids), "first": min(load_ids, default=0), "as_of": as_of}
    found = 0
    with connection.cursor() as cursor:
        for entity in contract.entities.values():
            cursor.execute(_current_rows(entity), values)
            found += cursor.rowcount
        cursor.execute(_OLD_ROWS, values)
    return found


def set_alarms_of_changes(connection: Connection, as_of: datetime) -> None:
    """Note every instant ahead in the rows that changed."""
    with connection.cursor() as cursor:
        values = {"as_of": as_of, "lapsing": LAPSING, "idle": tuple(IDLE_INSTANTS)}
        cursor.execute(_ALARMS_OF_CHANGES, values)
        for entity, day in DAYS:
            cursor.execute(_ALARMS_OF_CHANGED_DAYS, values | {"entity": entity, "day": day})


def set_alarms_of_organizations(
    connection: Connection, contract: Contract, as_of: datetime
) -> None:
    """Note every instant ahead in the rows of organizations that are rebuilt whole."""
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from ops.alarms where organization_id in"
            " (select organization_id from scope.organizations)"
        )
        for entity in contract.entities.values():
            if instants := _instants(entity):
                statement = _alarms_of_entity(entity, instants)
                cursor.execute(statement, {"as_of": as_of, "lapsing": LAPSING})
        for name, day in DAYS:
            statement = _alarms_of_days(contract.entities[name], day)
            cursor.execute(statement, {"as_of": as_of})


def _key(entity: Entity) -> sql.Identifier:
    return sql.Identifier(entity.key[0] if entity.key else "organization_id")


def _current_rows(entity: Entity) -> sql.Composable:
    return sql.SQL(
        """
        insert into scope.row_versions (entity, organization_id, key, is_current, row)
        select {entity}, r.organization_id, r.{key}, true, to_jsonb(r)
        from {raw} as r
        inner join ops.organization_states as states
            on r.organization_id = states.organization_id and not states.is_stale
        where r._load_id >= %(first)s and r._load_id = any(%(load_ids)s)
        union
        select {entity}, r.organization_id, r.{key}, true, to_jsonb(r)
        from ops.alarms as alarms
        inner join {raw} as r
            on alarms.organization_id = r.organization_id and alarms.key = r.{key}
        inner join ops.organization_states as states
            on r.organization_id = states.organization_id and not states.is_stale
        where alarms.entity = {entity} and alarms.rings_at <= %(as_of)s
        """
    ).format(entity=sql.Literal(entity.name), key=_key(entity), raw=table_name(entity))


_OLD_ROWS = """
    insert into scope.row_versions (entity, organization_id, key, is_current, row)
    select changes.entity, changes.organization_id, changes.key, false, changes.old_row
    from ops.row_changes as changes
    inner join ops.organization_states as states
        on changes.organization_id = states.organization_id and not states.is_stale
    where changes.load_id = any(%(load_ids)s)
"""

_ALARMS_OF_CHANGES = """
    insert into ops.alarms (entity, organization_id, key, rings_at)
    select distinct moments.entity, moments.organization_id, moments.key, moments.rings_at
    from (
        select
            versions.entity,
            versions.organization_id,
            versions.key,
            cast(field.value as timestamptz) - case
                when versions.entity = 'loyalty_events' and field.key = 'expires_at'
                    then cast(%(lapsing)s as interval)
                else interval '0'
            end as rings_at
        from scope.row_versions as versions
        cross join lateral jsonb_each_text(versions.row) as field
        where versions.is_current
            and field.key like '%%\\_at' and field.key not in ('updated_at', '_loaded_at')
            and field.value is not null
            and (versions.entity, field.key) not in %(idle)s
    ) as moments
    where moments.rings_at > %(as_of)s
    on conflict do nothing
"""


_ALARMS_OF_CHANGED_DAYS = """
    insert into ops.alarms (entity, organization_id, key, rings_at)
    select distinct days.entity, days.organization_id, days.key, days.rings_at
    from (
        select
            versions.entity,
            versions.organization_id,
            versions.key,
            scope.business_day_start(
                versions.organization_id,
                versions.row ->> 'location_id',
                cast(versions.row ->> %(day)s as date)
            ) as rings_at
        from scope.row_versions as versions
        where
            versions.entity = %(entity)s
            and versions.is_current
            and versions.row ->> %(day)s is not null
    ) as days
    where days.rings_at > %(as_of)s
    on conflict do nothing
"""


def _alarms_of_days(entity: Entity, day: str) -> sql.Composable:
    return sql.SQL(
        """
        insert into ops.alarms (entity, organization_id, key, rings_at)
        select {entity}, days.organization_id, days.key, days.rings_at
        from (
            select
                r.organization_id,
                r.{key} as key,
                scope.business_day_start(r.organization_id, r.location_id, r.{day}) as rings_at
            from scope.organizations as whole
            inner join {raw} as r on whole.organization_id = r.organization_id
            -- Wherever the place, its day begins within two of the clock's.
            where r.{day} >= cast(%(as_of)s as date) - 2
        ) as days
        where days.rings_at > %(as_of)s
        on conflict do nothing
        """
    ).format(
        entity=sql.Literal(entity.name),
        key=_key(entity),
        raw=table_name(entity),
        day=sql.Identifier(day),
    )


def _instants(entity: Entity) -> list[str]:
    return [
        column.name
        for column in entity.columns
        if column.type is ColumnType.TIMESTAMP
        and column.name != "updated_at"
        and (entity.name, column.name) not in IDLE_INSTANTS
    ]


def _alarms_of_entity(entity: Entity, instants: Sequence[str]) -> sql.Composable:
    moments = sql.SQL(", ").join(
        sql.SQL("(r.{} - %(lapsing)s::interval)" if _lapses(entity, name) else "(r.{})").format(
            sql.Identifier(name)
        )
        for name in instants
    )
    return sql.SQL(
        """
        insert into ops.alarms (entity, organization_id, key, rings_at)
        select distinct {entity}, r.organization_id, r.{key}, moments.rings_at
        from scope.organizations as whole
        inner join {raw} as r on whole.organization_id = r.organization_id
        cross join lateral (values {moments}) as moments (rings_at)
        where moments.rings_at > %(as_of)s
        on conflict do nothing
        """
    ).format(
        entity=sql.Literal(entity.name), key=_key(entity), raw=table_name(entity), moments=moments
    )


def _lapses(entity: Entity, column: str) -> bool:
    return (entity.name, column) == ("loyalty_events", "expires_at")
