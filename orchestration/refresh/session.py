"""One refresh from taking the lock to letting it go.

Put here the order of lock, row, steps and end. Do not put here the statements (lock.py, log.py,
steps.py) or the work of a stage (assets/, checks/).
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from orchestration.errors import ChairsideError
from orchestration.postgres.connection import Connection, connect
from orchestration.progress import Progress, report
from orchestration.refresh.lock import is_locked, release, still_holds, try_lock
from orchestration.refresh.log import (
    Mode,
    Refresh,
    close_abandoned,
    close_refresh,
    open_refresh,
    running_refresh,
)
from orchestration.refresh.steps import QualityResult, Step, record_quality, record_steps

if TYPE_CHECKING:
    from orchestration.dbt.compiled import CompiledPass

APPLICATION_NAME = "chairside refresh"
LOCK_TRIES = 5
LOCK_SECONDS = 0.2
# How long to ask again when the lock is held but no row says by whom: it is just being opened.
OPENING_SECONDS = 2.0


class RefreshRunningError(ChairsideError):
    """Another refresh holds the lock."""


class LockLostError(ChairsideError):
    """The session that held the lock is gone, and the lock with it."""


class RefreshSession:
    """A refresh that runs: its row, its connection with the lock, and what went wrong so far."""

    def __init__(
        self, url: str, connection: Connection, refresh: Refresh, abandoned: list[Refresh]
    ) -> None:
        """Wrap what `refresh_session` has opened; the URL holds a password."""
        self.url = url
        self.connection = connection
        self.refresh = refresh
        self.abandoned = abandoned
        self.error: str | None = None
        # Whether this refresh has built and tested all that it may publish.
        self.is_built = False
        # The SQL of the pass at work, where it runs without dbt.
        self.compiled: CompiledPass | None = None

    @property
    def refresh_id(self) -> int:
        """The refresh's number in ops.refreshes."""
        return self.refresh.refresh_id

    def fail(self, error: str) -> None:
        """Remember why this refresh failed; the first reason is the one that counts."""
        self.error = self.error or error

    def require_lock(self) -> None:
        """Raise LockLostError when another refresh may have begun meanwhile."""
        if not still_holds(self.connection):
            raise LockLostError(
                f"Refresh {self.refresh_id} lost its connection to Postgres, and its lock with it.",
                "Nothing was published. The next refresh repairs this without help.",
            )

    def record(self, steps: Sequence[Step], quality: Sequence[QualityResult] = ()) -> None:
        """Write steps and outcomes of checks."""
        if steps:
            record_steps(self.connection, self.refresh_id, steps)
        if quality:
            record_quality(self.connection, self.refresh_id, quality)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Write the step of a stage when the block ends; an exception fails the refresh."""
        started_at, clock = datetime.now(UTC), time.monotonic()
        report(Progress(name))
        failed_before, error = self.error, None
        try:
            yield
            error = self.error if self.error != failed_before else None
        except BaseException as raised:
            # A run that is called off must not be taken for one that succeeded.
            error = str(raised) or type(raised).__name__
            self.fail(error)
            raise
        finally:
            seconds = time.monotonic() - clock
            status = "failed" if error else "succeeded"
            step = Step(name, "stage", status, None, started_at, datetime.now(UTC), seconds, error)
            if still_holds(self.connection):
                self.record([step])
            report(Progress(name, note=error or "", finished=True, failed=bool(error)))


@contextmanager
def refresh_session(
    url: str,
    *,
    mode: Mode = "incremental",
    as_of: datetime | None = None,
    triggered_by: str,
    dagster_run_id: str | None = None,
) -> Iterator[RefreshSession]:
    """Take the lock, close what dead refreshes left open, and run one refresh inside the block.

    At the end the row is closed unless publishing did so, and the lock is given back with the
    connection. Raises RefreshRunningError at once when another refresh holds the lock.
    """
    with ExitStack() as stack:
        connection = stack.enter_context(
            connect(url, autocommit=True, application_name=APPLICATION_NAME)
        )
        if not _take_lock(connection):
            raise _running_error(connection)
        stack.callback(_release_if_held, connection)
        abandoned = close_abandoned(connection)
        if running_refresh(connection) is not None:
            raise _running_error(connection)
        refresh = open_refresh(
            connection,
            mode=mode,
            as_of=as_of,
            triggered_by=triggered_by,
            dagster_run_id=dagster_run_id,
        )
        session = RefreshSession(url, connection, refresh, abandoned)
        try:
            yield session
        except BaseException as error:
            session.fail(str(error) or type(error).__name__)
            raise
        finally:
            # A lost connection leaves a row that the next refresh finds abandoned and closes.
            if still_holds(connection):
                close_refresh(connection, refresh.refresh_id, session.error)


def _release_if_held(connection: Connection) -> None:
    if still_holds(connection):
        release(connection)


def _take_lock(connection: Connection) -> bool:
    # A sensor holds the lock for a moment while it looks for abandoned refreshes.
    for _ in range(LOCK_TRIES):
        if try_lock(connection):
            return True
        time.sleep(LOCK_SECONDS)
    return False


def ensure_none_running(connection: Connection) -> None:
    """Raise RefreshRunningError when a refresh holds the lock; a quick look before a long start."""
    if is_locked(connection):
        raise _running_error(connection)


def _running_error(connection: Connection) -> RefreshRunningError:
    deadline = time.monotonic() + OPENING_SECONDS
    while (running := running_refresh(connection)) is None and time.monotonic() < deadline:
        time.sleep(0.1)
    who = "Another refresh"
    if running is not None:
        started = running.started_at.astimezone(UTC)
        who = (
            f"Refresh {running.refresh_id}, started by {running.triggered_by}"
            f" at {started:%Y-%m-%d %H:%M:%S} UTC,"
        )
    return RefreshRunningError(
        f"{who} is still running, and only one may run at a time.",
        "Wait for it to end; `chairside status` shows how far it is.",
    )
