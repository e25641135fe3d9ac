"""Connections to Postgres, with retries for passing failures and typed errors for the others.

Put here how a connection is opened and closed. Do not put here queries or pools.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeAlias

import psycopg2
from psycopg2 import extensions

from orchestration.errors import (
    ChairsideError,
    DatabaseMissingError,
    ServerUnreachableError,
    WrongPasswordError,
)
from orchestration.postgres.urls import describe_url

# psycopg2 names the class in lower case.
Connection: TypeAlias = extensions.connection

APPLICATION_NAME = "chairside"
# Seconds to wait before each further try, and how long to wait for a server that is there and says
# that it is not ready: after a crash it replays its log first.
RETRY_DELAYS = (0.1, 0.3, 1.0, 2.0)
RECOVERY_SECONDS = 120.0
RECOVERY_DELAY = 1.0
CONNECT_TIMEOUT_SECONDS = 10
_NOT_READY = ("is starting up", "in recovery mode", "not yet accepting connections")
_REFUSALS = ("password", "authentication", "no pg_hba.conf entry", "permission denied for database")


@contextmanager
def connect(
    url: str, *, autocommit: bool = False, application_name: str = APPLICATION_NAME
) -> Iterator[Connection]:
    """Open a connection; commit when the block ends well, roll back when it raises, always close.

    Raises WrongPasswordError, DatabaseMissingError or ServerUnreachableError (after retries).
    """
    connection = _open_with_retries(url, application_name)
    try:
        connection.autocommit = autocommit
        yield connection
        if not connection.closed:
            connection.commit()
    finally:
        # Closing rolls back what the block did not commit.
        connection.close()


def _open_with_retries(url: str, application_name: str) -> Connection:
    gives_up_at = time.monotonic() + RECOVERY_SECONDS
    delays = iter(RETRY_DELAYS)
    while True:
        try:
            return psycopg2.connect(
                url,
                application_name=application_name,
                connect_timeout=CONNECT_TIMEOUT_SECONDS,
                # A dead network path is noticed within about a minute, not two hours.
                keepalives_idle=30,
                keepalives_interval=10,
                keepalives_count=3,
            )
        except psycopg2.OperationalError as error:
            failure, lasting = _explain(str(error), url)
            recovers = any(words in str(error) for words in _NOT_READY)
            delay = RECOVERY_DELAY if recovers else next(delays, None)
            if lasting or delay is None or time.monotonic() > gives_up_at:
                raise failure from error
            time.sleep(delay)


def _explain(text: str, url: str) -> tuple[ChairsideError, bool]:
    """Return the typed error for a failed connection, and whether trying again is of no use."""
    where, detail = describe_url(url), " ".join(text.split())
    if any(words in text for words in _REFUSALS):
        hint = "Check the user and password in the URL; `chairside db url` prints the right one."
        return WrongPasswordError(f"Postgres refused the login {where}: {detail}", hint), True
    if "database" in text and "does not exist" in text:
        hint = "Create the database, or correct its name in CHAIRSIDE_DATABASE_URL."
        return DatabaseMissingError(f"No database at {where}: {detail}", hint), True
    if "role" in text and "does not exist" in text:
        hint = "Create the role, or correct the user in CHAIRSIDE_DATABASE_URL."
        return WrongPasswordError(f"Postgres refused the login {where}: {detail}", hint), True
    hint = (
        "Start the embedded server with `chairside db start`, or check host, port and network"
        " of CHAIRSIDE_DATABASE_URL."
    )
    return ServerUnreachableError(f"No Postgres answers at {where}: {detail}", hint), False
