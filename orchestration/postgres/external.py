"""A Postgres server of the user's own: its version, Dagster's database, and the BI role.

Put here what is checked and created on a server that Chairside did not start. Do not put here the
embedded server.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path

import psycopg2

from orchestration.errors import DatabaseMissingError, ServerTooOldError
from orchestration.postgres.connection import Connection, connect
from orchestration.postgres.record import generate_password, make_home, write_private
from orchestration.postgres.roles import (
    BI_READER,
    OWNER_SETTINGS,
    READER_SETTINGS,
    apply_role_settings,
    can_read,
    ensure_database,
    ensure_login_role,
    grant_read_access,
    role_exists,
)
from orchestration.postgres.urls import DatabaseUrls, describe_url, parse_url, with_parameters
from orchestration.settings import Settings

# MERGE, which refreshes write with, came with 15.
OLDEST_VERSION = 15
PASSWORDS_FILE = "bi_reader.json"
DAGSTER_SUFFIX = "_dagster"

logger = logging.getLogger(__name__)


def use_external(settings: Settings, url: str) -> DatabaseUrls:
    """Check the server behind the URL, create what is missing on it and return all URLs.

    Raises ServerTooOldError, DatabaseMissingError (Dagster's, when it may not be created) or an
    error of `connect`.
    """
    with connect(url, autocommit=True) as connection:
        require_supported(server_version(connection), describe_url(url))
        with connection.cursor() as cursor:
            # Until this connection closes: two processes must not create the same role at once.
            cursor.execute("select pg_advisory_lock(hashtext('chairside setup'))")
        database, user = connection.info.dbname, connection.info.user
        dagster = settings.dagster_database_url
        if dagster is None:
            dagster = with_parameters(url, dbname=database + DAGSTER_SUFFIX)
            _ensure_dagster_database(connection, database + DAGSTER_SUFFIX, user)
        _ensure_owner_settings(connection, user, database)
        password = _ensure_reader(connection, settings.home, url)
    reader = with_parameters(url, user=BI_READER, password=password) if password else None
    return DatabaseUrls(warehouse=url, dagster=dagster, bi_reader=reader)


def server_version(connection: Connection) -> int:
    """Return the server's version as Postgres counts it, e.g. 150018 for 15.18."""
    return int(connection.server_version)


def require_supported(version: int, where: str) -> None:
    """Raise ServerTooOldError when a server is older than the oldest supported version."""
    if version < OLDEST_VERSION * 10000:
        raise ServerTooOldError(
            f"The server at {where} is Postgres {version // 10000}; Chairside needs"
            f" {OLDEST_VERSION} or newer.",
            "Upgrade it, or unset CHAIRSIDE_DATABASE_URL to use the embedded server.",
        )


def _ensure_dagster_database(connection: Connection, database: str, owner: str) -> None:
    try:
        ensure_database(connection, database, owner)
    except psycopg2.errors.InsufficientPrivilege as error:
        raise DatabaseMissingError(
            f"There is no database {database!r} for Dagster, and {owner!r} may not create one.",
            "Let an administrator create it, or set CHAIRSIDE_DAGSTER_DATABASE_URL.",
        ) from error


def _ensure_owner_settings(connection: Connection, user: str, database: str) -> None:
    """Make the owner's settings the default in this database, except where one is chosen."""
    for name, value in OWNER_SETTINGS.items():
        with connection.cursor() as cursor:
            cursor.execute("select current_setting(%s) = '0'", (name,))
            if cursor.fetchone() == (True,):
                apply_role_settings(connection, user, {name: value}, database)


def _ensure_reader(connection: Connection, home: Path, url: str) -> str | None:
    """Return the BI role's password, or None where the role is not ours to make or to know."""
    parts = parse_url(url)
    key = f"{parts.get('host', '')}:{parts.get('port', '5432')}"
    passwords = _load_passwords(home)
    try:
        if not role_exists(connection, BI_READER):
            passwords[key] = generate_password()
            make_home(home)
            write_private(home / PASSWORDS_FILE, json.dumps(passwords, indent=2) + "\n")
            ensure_login_role(connection, BI_READER, passwords[key], READER_SETTINGS)
        if not can_read(connection):
            with connect(url) as transaction:
                grant_read_access(transaction)
    except psycopg2.errors.InsufficientPrivilege as error:
        logger.warning(
            "The BI role %s was not set up at %s (%s). An administrator can create it and grant"
            " it usage and select on the schemas marts, reports and ops.",
            BI_READER,
            describe_url(url),
            " ".join(str(error).split()),
        )
        return None
    return passwords.get(key)


def _load_passwords(home: Path) -> dict[str, str]:
    try:
        loaded = json.loads((home / PASSWORDS_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(k): str(v) for k, v in loaded.items()} if isinstance(loaded, dict) else {}
