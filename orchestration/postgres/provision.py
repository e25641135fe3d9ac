"""What a new embedded server is given: its roles, its two databases, and their URLs.

Put here what is created on our own server. Do not put here the SQL of it (roles.py) nor what is
done on a user's server (external.py).
"""

from __future__ import annotations

from orchestration.postgres.cluster import SUPERUSER
from orchestration.postgres.connection import connect
from orchestration.postgres.ports import LOOPBACK
from orchestration.postgres.record import Record
from orchestration.postgres.roles import (
    BI_READER,
    OWNER,
    OWNER_SETTINGS,
    READER_SETTINGS,
    ensure_database,
    ensure_login_role,
    grant_read_access,
    restrict_database,
)
from orchestration.postgres.urls import DatabaseUrls, build_url

WAREHOUSE, DAGSTER = "warehouse", "dagster"
# Raise it whenever `provision` changes, so that servers made before are brought up to date.
PROVISION_VERSION = 2


def provision(record: Record) -> None:
    """Create roles and databases and bring existing ones to what this version expects."""
    admin = _url(record, SUPERUSER, record.superuser_password, "postgres")
    with connect(admin, autocommit=True) as connection:
        ensure_login_role(connection, OWNER, record.owner_password, OWNER_SETTINGS, "createdb")
        ensure_login_role(connection, BI_READER, record.bi_reader_password, READER_SETTINGS)
        with connection.cursor() as cursor:
            # To see and end a query that blocks a refresh.
            cursor.execute(f"grant pg_monitor, pg_signal_backend to {OWNER}")
        for database, readers in ((WAREHOUSE, [BI_READER]), (DAGSTER, [])):
            ensure_database(connection, database, OWNER)
            restrict_database(connection, database, readers)
    with connect(embedded_urls(record).warehouse) as connection:
        grant_read_access(connection)


def embedded_urls(record: Record) -> DatabaseUrls:
    """Return the URLs of the embedded server's databases, from its record alone."""
    return DatabaseUrls(
        warehouse=_url(record, OWNER, record.owner_password, WAREHOUSE),
        dagster=_url(record, OWNER, record.owner_password, DAGSTER),
        bi_reader=_url(record, BI_READER, record.bi_reader_password, WAREHOUSE),
    )


def _url(record: Record, user: str, password: str, database: str) -> str:
    return build_url(
        {
            "user": user,
            "password": password,
            "host": LOOPBACK,
            "port": str(record.port),
            "dbname": database,
        }
    )
