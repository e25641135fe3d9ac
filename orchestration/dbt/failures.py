"""Which failures may pass by themselves: dropped connections, lost races, locks held too long.

Put here the classification. Do not put here the retries (runner.py, refresh/session.py).
"""

from __future__ import annotations

import psycopg2

# SQLSTATE classes and codes after which the same statement may well succeed.
TRANSIENT_CLASSES = ("08",)
TRANSIENT_STATES = frozenset(
    {
        "40001",  # serialization_failure
        "40P01",  # deadlock_detected
        "55P03",  # lock_not_available
        "57P01",  # admin_shutdown
        "57P02",  # crash_shutdown
        "57P03",  # cannot_connect_now
        "53300",  # too_many_connections
    }
)
# dbt keeps the server's text and drops its SQLSTATE, so texts it is.
TRANSIENT_TEXTS = (
    "server closed the connection unexpectedly",
    "connection already closed",
    "connection not open",
    "could not connect to server",
    "could not receive data from server",
    "could not send data to server",
    "connection refused",
    "connection reset by peer",
    "connection timed out",
    "ssl connection has been closed unexpectedly",
    "terminating connection due to",
    "the database system is starting up",
    "the database system is shutting down",
    "the database system is in recovery mode",
    "the database system is not yet accepting connections",
    "could not serialize access",
    "deadlock detected",
    "canceling statement due to lock timeout",
    "could not obtain lock",
    "sorry, too many clients already",
    "tuple concurrently updated",
)


def is_transient_text(text: str | None) -> bool:
    """Tell whether a message of dbt or Postgres speaks of a passing failure."""
    lowered = (text or "").lower()
    return any(known in lowered for known in TRANSIENT_TEXTS)


def is_transient(error: BaseException) -> bool:
    """Tell whether an exception is a passing failure, by its SQLSTATE, else by its text."""
    if isinstance(error, psycopg2.Error) and error.pgcode:
        return error.pgcode.startswith(TRANSIENT_CLASSES) or error.pgcode in TRANSIENT_STATES
    if isinstance(error, psycopg2.InterfaceError):
        return True
    return is_transient_text(str(error))
