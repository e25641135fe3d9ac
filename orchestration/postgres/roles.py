"""Databases, roles and rights on a server: who owns the warehouse and who may read it.

Put here SQL on roles, databases and grants. Do not put here schemas' contents or server start-up.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from psycopg2 import sql
from psycopg2.extensions import encrypt_password

from orchestration.postgres.connection import Connection

OWNER = "chairside"
BI_READER = "bi_reader"
# What analysts and BI tools read; everything else is a working step.
READABLE_SCHEMAS = ("marts", "reports", "ops")
# What a reader forgot must end by itself; docs/readers.md says how to change the limits.
READER_SETTINGS = {
    "statement_timeout": "5min",
    "idle_in_transaction_session_timeout": "1min",
    "default_transaction_read_only": "on",
}
# A refresh does not wait for ever for a table, and what a killed process began ends soon after it.
OWNER_SETTINGS = {"lock_timeout": "30s", "client_connection_check_interval": "2s"}

logger = logging.getLogger(__name__)


def role_exists(connection: Connection, role: str) -> bool:
    """Tell whether the server knows a role."""
    return _any(connection, "select 1 from pg_catalog.pg_roles where rolname = %s", role)


def database_exists(connection: Connection, database: str) -> bool:
    """Tell whether the server has a database."""
    return _any(connection, "select 1 from pg_catalog.pg_database where datname = %s", database)


def ensure_login_role(
    connection: Connection, role: str, password: str, settings: dict[str, str], attributes: str = ""
) -> None:
    """Create a role that may log in, or bring an existing one to this password and settings."""
    # Only the verifier travels, so that no server log ever holds the password.
    verifier = encrypt_password(password, role, connection, "scram-sha-256")
    verb = "alter" if role_exists(connection, role) else "create"
    with connection.cursor() as cursor:
        statement = sql.SQL("{} role {} with login {} password {}")
        cursor.execute(
            statement.format(
                sql.SQL(verb), sql.Identifier(role), sql.SQL(attributes), sql.Literal(verifier)
            )
        )
    apply_role_settings(connection, role, settings)


def apply_role_settings(
    connection: Connection, role: str, settings: dict[str, str], database: str | None = None
) -> None:
    """Make settings the role's defaults, everywhere or in one database."""
    where = sql.SQL(" in database {}").format(sql.Identifier(database)) if database else sql.SQL("")
    with connection.cursor() as cursor:
        for name, value in settings.items():
            cursor.execute(
                sql.SQL("alter role {}{} set {} = {}").format(
                    sql.Identifier(role), where, sql.Identifier(name), sql.Literal(value)
                )
            )


def ensure_database(connection: Connection, database: str, owner: str) -> None:
    """Create a database that is missing; the connection must be in autocommit mode."""
    if not database_exists(connection, database):
        with connection.cursor() as cursor:
            cursor.execute(
                sql.SQL("create database {} owner {}").format(
                    sql.Identifier(database), sql.Identifier(owner)
                )
            )


def restrict_database(connection: Connection, database: str, readers: Sequence[str]) -> None:
    """Let only the owner and the readers connect, and only the owner make temporary tables."""
    name = sql.Identifier(database)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("revoke all on database {} from public").format(name))
        for reader in readers:
            grant = sql.SQL("grant connect on database {} to {}")
            cursor.execute(grant.format(name, sql.Identifier(reader)))


def can_read(
    connection: Connection,
    schemas: Sequence[str] = READABLE_SCHEMAS,
    reader: str = BI_READER,
) -> bool:
    """Tell whether `grant_read_access` was run by this user for all the schemas."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select count(*)
            from pg_catalog.pg_default_acl as rights
            join pg_catalog.pg_namespace as namespace on namespace.oid = rights.defaclnamespace
            cross join lateral aclexplode(rights.defaclacl) as entry
            join pg_catalog.pg_roles as role on role.oid = entry.grantee
            where namespace.nspname = any(%s)
                and role.rolname = %s
                and rights.defaclrole = (
                    select oid from pg_catalog.pg_roles where rolname = current_user
                )
            """,
            (list(schemas), reader),
        )
        row = cursor.fetchone()
        return row is not None and row[0] >= len(schemas)


def grant_read_access(
    connection: Connection,
    schemas: Sequence[str] = READABLE_SCHEMAS,
    reader: str = BI_READER,
) -> bool:
    """Let the reader read all tables of the schemas, those made later too; False if no such role.

    Schemas that are missing are created, since only then can default rights reach the tables that
    dbt makes in them. Running it again changes nothing.
    """
    if not role_exists(connection, reader):
        logger.warning("There is no role %s on this server; nothing was granted to it.", reader)
        return False
    with connection.cursor() as cursor:
        # Two sessions that change the same rights at once would fail, not wait.
        cursor.execute("select pg_advisory_xact_lock(hashtext('chairside grants'))")
        for schema in schemas:
            cursor.execute("select to_regnamespace(quote_ident(%s)) is null", (schema,))
            if cursor.fetchone() == (True,):
                cursor.execute(sql.SQL("create schema {}").format(sql.Identifier(schema)))
            for statement in (
                "grant usage on schema {schema} to {reader}",
                "grant select on all tables in schema {schema} to {reader}",
                "alter default privileges in schema {schema} grant select on tables to {reader}",
            ):
                cursor.execute(
                    sql.SQL(statement).format(
                        schema=sql.Identifier(schema), reader=sql.Identifier(reader)
                    )
                )
    return True


def _any(connection: Connection, query: str, value: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(query, (value,))
        return cursor.fetchone() is not None
