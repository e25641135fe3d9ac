"""The raw tables that the contract asks for, as SQL definitions.

Put here the shape of raw_native: types, meta columns, indexes, comments. Do not put here running of
SQL (warehouse/schema.py) or the loader's statements (loading/).
"""

from __future__ import annotations

from collections.abc import Mapping

from psycopg2 import sql

from orchestration.contract.model import Column, ColumnType, Contract, Entity

RAW_SCHEMA = "raw_native"

POSTGRES_TYPES = {
    ColumnType.ID: "text",
    ColumnType.TEXT: "text",
    ColumnType.INTEGER: "bigint",
    ColumnType.DECIMAL: "numeric",
    ColumnType.MONEY: "numeric",
    ColumnType.BOOLEAN: "boolean",
    ColumnType.DATE: "date",
    ColumnType.TIMESTAMP: "timestamptz",
    ColumnType.TIME: "time",
    ColumnType.BIRTHDAY: "text",
    ColumnType.CURRENCY: "text",
    ColumnType.TIMEZONE: "text",
    ColumnType.HOURS: "text",
}

# Tables of millions of rows of which an hour changes thousands: dead rows are cleared when they are
# 2 % of a table and not 20 %, so that it does not grow by a fifth before its space is used again.
CHURN_SETTINGS = {
    "autovacuum_vacuum_scale_factor": "0.02",
    "autovacuum_vacuum_insert_scale_factor": "0.05",
    "autovacuum_analyze_scale_factor": "0.05",
}

# Name, definition and meaning of the columns that the loader writes on every table.
META_COLUMNS = (
    ("_source_system", "text not null", "Booking system that sent the row."),
    ("_load_id", "bigint not null", "Load in ops.loads that last changed the row."),
    ("_loaded_at", "timestamptz not null", "When that load started."),
    (
        "_is_deleted",
        "boolean not null default false",
        "Whether the row was deleted, or vanished, at the source.",
    ),
    ("_source_file", "text", "File that the row was last read from."),
    ("_source_line", "bigint", "Line of that file; row number in a Parquet file."),
)

# How a refresh finds what hangs on a client or a package: columns, and the rows worth an index.
LINKS = {
    "sales": (("customer_id",), "status in ('open', 'voided')"),
    # Only lines that are for somebody else than the ticket's client name one.
    "sale_lines": (("customer_id",), "customer_id is not null"),
    "customers": (("referred_by_customer_id",), "referred_by_customer_id is not null"),
    "packages": (("customer_id",), None),
    "package_redemptions": (("package_id",), None),
    "memberships": (("customer_id",), None),
    "loyalty_accounts": (("customer_id",), None),
}

# What decides whether an organization states a thing at all (input__organization_coverage): rows
# that do, so that one look tells where there are none. Loads bring many rows each, so the index
# holds hardly more than row ids.
STATEMENTS = {
    "appointments": (
        "status = 'cancelled'",
        "status in ('cancelled_by_customer', 'cancelled_by_business')",
    ),
    "sale_lines": ("discount_amount is not null",),
    "payments": ("processing_fee_amount is not null",),
}


def table_name(entity: Entity) -> sql.Identifier:
    """Return the qualified name of an entity's raw table."""
    return sql.Identifier(RAW_SCHEMA, entity.name)


def postgres_type(column: Column) -> str:
    """Return the Postgres type of a contract column."""
    return POSTGRES_TYPES[column.type]


def render_statements(contract: Contract) -> list[sql.Composable]:
    """Return idempotent statements that create every raw table, or add what a table lacks.

    A column that the contract no longer has stays in the database, where old rows may use it.
    """
    statements: list[sql.Composable] = [
        sql.SQL("create schema if not exists {}").format(sql.Identifier(RAW_SCHEMA))
    ]
    for entity in contract.entities.values():
        statements += [_create_table(entity), _add_columns(entity), *_indexes(entity)]
        statements.append(set_storage(table_name(entity), CHURN_SETTINGS))
        statements += _comments(entity)
    return statements


def set_storage(table: sql.Identifier, settings: Mapping[str, str]) -> sql.Composable:
    """Return the statement that gives a table these storage settings; readers do not notice it."""
    return sql.SQL("alter table {} set ({})").format(
        table,
        sql.SQL(", ").join(
            sql.SQL("{} = {}").format(sql.Identifier(name), sql.SQL(value))
            for name, value in settings.items()
        ),
    )


def _column_definitions(entity: Entity) -> list[tuple[str, str]]:
    definitions = [
        (
            column.name,
            postgres_type(column) + (" not null" if column.name in _solid(entity) else ""),
        )
        for column in entity.columns
    ]
    return definitions + [(name, definition) for name, definition, _ in META_COLUMNS]


def _solid(entity: Entity) -> set[str]:
    # Key columns that may not be empty; the others rely on the index's NULLS NOT DISTINCT.
    return {name for name in entity.full_key if entity.by_name[name].required}


def _create_table(entity: Entity) -> sql.Composable:
    columns = [
        sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(definition))
        for name, definition in _column_definitions(entity)
    ]
    return sql.SQL("create table if not exists {} ({})").format(
        table_name(entity), sql.SQL(", ").join(columns)
    )


def _add_columns(entity: Entity) -> sql.Composable:
    additions = [
        sql.SQL("add column if not exists {} {}").format(
            sql.Identifier(column.name), sql.SQL(postgres_type(column))
        )
        for column in entity.columns
    ]
    return sql.SQL("alter table {} {}").format(table_name(entity), sql.SQL(", ").join(additions))


def _indexes(entity: Entity) -> list[sql.Composable]:
    unique = sql.SQL("create unique index if not exists {} on {} ({}) nulls not distinct").format(
        sql.Identifier(f"{entity.name}_key"),
        table_name(entity),
        sql.SQL(", ").join(sql.Identifier(name) for name in entity.full_key),
    )
    # A refresh asks for the rows of the latest loads; loads append, so block ranges suffice.
    by_load = sql.SQL(
        "create index if not exists {} on {} using brin (_load_id) with (autosummarize = on)"
    ).format(sql.Identifier(f"{entity.name}_load_id"), table_name(entity))
    return [unique, by_load, *_link_index(entity), *_statement_indexes(entity)]


def _statement_indexes(entity: Entity) -> list[sql.Composable]:
    return [
        sql.SQL("create index if not exists {} on {} (organization_id, _load_id) where {}").format(
            sql.Identifier(f"{entity.name}_states_{ordinal}"),
            table_name(entity),
            sql.SQL(condition),
        )
        for ordinal, condition in enumerate(STATEMENTS.get(entity.name, ()), start=1)
    ]


def _link_index(entity: Entity) -> list[sql.Composable]:
    if entity.name not in LINKS:
        return []
    columns, condition = LINKS[entity.name]
    return [
        sql.SQL("create index if not exists {} on {} ({}){}").format(
            sql.Identifier(f"{entity.name}_link"),
            table_name(entity),
            sql.SQL(", ").join(map(sql.Identifier, ("organization_id", *columns))),
            sql.SQL(f" where {condition}" if condition else ""),
        )
    ]


def _comments(entity: Entity) -> list[sql.Composable]:
    described = [(column.name, column.description) for column in entity.columns]
    described += [(name, description) for name, _, description in META_COLUMNS]
    table: sql.Composable = sql.SQL("comment on table {} is {}").format(
        table_name(entity), sql.Literal(entity.description)
    )
    return [
        table,
        *(
            sql.SQL("comment on column {} is {}").format(
                sql.Identifier(RAW_SCHEMA, entity.name, name), sql.Literal(description)
            )
            for name, description in described
        ),
    ]
