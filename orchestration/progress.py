"""A way for the stages of a refresh to say how far they are, to whoever listens.

Put here the channel. Do not put here how progress is shown (cli/refresh.py). Nobody listens unless
`listening` says so: a run that Dagster launched tells its event log instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a stage is; `total` is 0 where nothing is counted."""

    stage: str
    done: int = 0
    total: int = 0
    note: str = ""
    finished: bool = False
    failed: bool = False


Listener = Callable[[Progress], None]
_listener: ContextVar[Listener | None] = ContextVar("progress_listener", default=None)


def report(progress: Progress) -> None:
    """Tell the listener, if there is one."""
    listener = _listener.get()
    if listener is not None:
        listener(progress)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Send what is reported inside the block, in this thread, to the listener."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)
