"""What a stretch of work cost in Postgres: seconds, processor time, memory, disk.

Put here the measuring instruments. Do not put here what is measured (steps.py).
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from orchestration.postgres.connection import Connection, connect
from orchestration.postgres.server import DatabaseUrls
from orchestration.warehouse.query import fetch_value

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")
# How often memory is looked at, and how long sessions that ended take to report.
SAMPLE_SECONDS = 1.0
REPORTING_SECONDS = 1.5


@dataclass(slots=True)
class PostgresCost:
    """What Postgres did between two moments."""

    wall_seconds: float = 0.0
    # Sessions' time in statements, waits included: pg_stat_database.active_time.
    warehouse_seconds: float = 0.0
    dagster_seconds: float = 0.0
    # Of all of the server's processes, parallel and background ones too.
    processor_seconds: float = 0.0
    peak_memory_bytes: int = 0


@contextmanager
def postgres_cost(urls: DatabaseUrls) -> Iterator[PostgresCost]:
    """Fill the yielded cost when the block ends."""
    cost = PostgresCost()
    before, started = _reading(urls), time.monotonic()
    with _MemorySampler(before.postmaster) as memory:
        yield cost
    cost.wall_seconds = time.monotonic() - started
    time.sleep(REPORTING_SECONDS)
    after = _reading(urls)
    cost.warehouse_seconds = after.warehouse - before.warehouse
    cost.dagster_seconds = after.dagster - before.dagster
    cost.processor_seconds = after.processor - before.processor
    cost.peak_memory_bytes = memory.peak


@dataclass(frozen=True, slots=True)
class _Reading:
    warehouse: float
    dagster: float
    processor: float
    postmaster: int


def _reading(urls: DatabaseUrls) -> _Reading:
    with connect(urls.warehouse) as connection:
        warehouse = _active_seconds(connection)
        postmaster = _parent(fetch_value(connection, "select pg_backend_pid()"))
    with connect(urls.dagster) as connection:
        dagster = _active_seconds(connection)
    return _Reading(warehouse, dagster, _processor_seconds(postmaster), postmaster)


def _active_seconds(connection: Connection) -> float:
    statement = "select active_time / 1000 from pg_stat_database where datname = current_database()"
    return float(fetch_value(connection, statement))


def _stat(pid: int) -> list[str]:
    """Return the fields of /proc/<pid>/stat after the name; empty where the process is gone."""
    try:
        return (PROC / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return []


def _parent(pid: int) -> int:
    fields = _stat(pid)
    return int(fields[1]) if fields else 0


def _children(pid: int) -> list[int]:
    try:
        return [int(n) for n in (PROC / f"{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _processor_seconds(postmaster: int) -> float:
    """Return what the postmaster, its children that live and those that ended have used."""
    ticks = 0
    for pid, counted in [(postmaster, 4), *((child, 2) for child in _children(postmaster))]:
        # utime and stime; of the postmaster also those of the children it has waited for.
        ticks += sum(int(field) for field in _stat(pid)[11 : 11 + counted])
    return ticks / TICKS


class _MemorySampler:
    """Watches the memory of a server's processes from a thread; `peak` is the most seen."""

    def __init__(self, postmaster: int) -> None:
        self.peak = 0
        self._postmaster = postmaster
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> _MemorySampler:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(SAMPLE_SECONDS):
            processes = [_memory(pid) for pid in _children(self._postmaster)]
            own = sum(private for private, _ in processes)
            self.peak = max(self.peak, own + max((shared for _, shared in processes), default=0))


def _memory(pid: int) -> tuple[int, int]:
    """Return a process's own bytes and those it shares with the others of the server."""
    try:
        lines = (PROC / str(pid) / "status").read_text().splitlines()
    except OSError:
        return 0, 0
    sizes = {line.split(":")[0]: line.split()[1] for line in lines if line.startswith("Rss")}
    own, shared = (int(sizes.get(name, 0)) * 1024 for name in ("RssAnon", "RssShmem"))
    return own, shared
