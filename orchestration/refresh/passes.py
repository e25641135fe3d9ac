"""The passes of one refresh: each planned, built and published by itself.

Put here the order of passes and the locks around them. Do not put here planning (scope/), building
(dbt/) or publishing (publication.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from orchestration.postgres.connection import Connection
from orchestration.progress import Progress, report
from orchestration.refresh.lock import still_holds
from orchestration.refresh.scope.plan import Pass, mark_all_stale, note_nothing, plan_pass
from orchestration.refresh.session import RefreshSession
from orchestration.warehouse.locks import INPUTS_LOCK_OBJECT, LOCK_CLASS
from orchestration.warehouse.patience import without_lock_timeout
from orchestration.warehouse.query import fetch_value

_INPUTS = (LOCK_CLASS, INPUTS_LOCK_OBJECT)


def passes(session: RefreshSession, definitions: str) -> Iterator[Pass]:
    """Plan and yield passes until nothing is left to do; none where nothing has changed.

    While the caller works on a pass, no load writes raw tables. It builds each pass, and publishes
    all but the last before it asks for the next; the last is published after this has ended, and
    with that publication the refresh. What a failure leaves undone, the next refresh does.
    """
    refresh = session.refresh
    if refresh.mode == "full":
        mark_all_stale(session.connection, "asked for")
    is_first = True
    while True:
        session.require_lock()
        session.is_built, session.compiled = False, None
        with inputs_locked(session.connection):
            planned = plan_pass(
                session.connection,
                refresh_id=refresh.refresh_id,
                as_of=refresh.as_of,
                definitions=definitions,
                is_first=is_first,
            )
            if planned is None:
                note_nothing(session.connection, refresh.refresh_id, refresh.as_of)
                report(Progress("plan", note="nothing has changed", finished=True))
                return
            report(Progress("plan", note=str(planned), finished=True))
            yield planned
        if planned.is_last:
            return
        is_first = False


@contextmanager
def inputs_locked(connection: Connection) -> Iterator[None]:
    """Keep loads from writing raw tables; waits for those that do."""
    if not fetch_value(connection, "select pg_try_advisory_lock(%s, %s)", _INPUTS):
        report(Progress("wait for a load to commit"))
        with without_lock_timeout(connection):
            fetch_value(connection, "select pg_advisory_lock(%s, %s) is null", _INPUTS)
        report(Progress("wait for a load to commit", finished=True))
    try:
        yield
    finally:
        # A server that went away has let the lock go by itself.
        if still_holds(connection):
            fetch_value(connection, "select pg_advisory_unlock(%s, %s)", _INPUTS)
