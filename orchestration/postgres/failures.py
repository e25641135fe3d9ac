"""Failures of Postgres in the middle of work, as errors that a person can act on.

Put here what a server's failure means to whoever started the work. Do not put here failures to
connect (connection.py) or which failures are tried again (dbt/failures.py).
"""

from __future__ import annotations

import psycopg2

from orchestration.errors import ChairsideError, DiskFullError, ServerUnreachableError

DISK_FULL = "53100"
LOCK_NOT_AVAILABLE = "55P03"
# Connection exceptions, and what operators and crashes do to sessions.
_GONE_CLASSES = ("08", "57P")
_RUN_AGAIN = "Run it again: what was not committed has left nothing behind."


def explain_failure(error: BaseException) -> ChairsideError | None:
    """Return what a failure of the server means; None where it is none, or a fault of the code.

    Errors that libraries wrap around Postgres's own are looked through.
    """
    seen: BaseException | None = error
    while seen is not None:
        found = _explain(seen)
        if found is not None:
            return found
        seen = getattr(seen, "orig", None) or seen.__cause__
    return None


def _explain(error: BaseException) -> ChairsideError | None:
    if not isinstance(error, psycopg2.Error):
        return None
    said, code = " ".join(str(error).split()), error.pgcode
    if code == DISK_FULL or "No space left on device" in said:
        return DiskFullError(f"Postgres has no room left on its disk: {said}", _RUN_AGAIN)
    if code == LOCK_NOT_AVAILABLE:
        return ChairsideError(
            f"Somebody else has held a lock for too long: {said}",
            "Run it again; `select * from pg_stat_activity` shows who is at work.",
        )
    lost = isinstance(error, psycopg2.OperationalError | psycopg2.InterfaceError)
    if (code or "").startswith(_GONE_CLASSES) or (lost and code is None):
        return ServerUnreachableError(f"Postgres went away in the middle: {said}", _RUN_AGAIN)
    return None
