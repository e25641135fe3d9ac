"""One process at a time: an advisory lock on a file.

Put here only the lock. Do not put here what is done while it is held.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration.errors import ServerStartError
from orchestration.postgres.record import write_failure

POLL_SECONDS = 0.05


@contextmanager
def exclusive_lock(path: Path, timeout_seconds: float = 180.0) -> Iterator[None]:
    """Hold the lock while the block runs; the kernel frees it when the process dies.

    Raises ServerStartError when another process holds it for longer than the timeout, and
    FolderNotWritableError or DiskFullError when the lock file cannot be opened.
    """
    import fcntl  # not on Windows, where only CHAIRSIDE_DATABASE_URL is supported

    deadline = time.monotonic() + timeout_seconds
    try:
        file = path.open("a", encoding="utf-8")
    except OSError as error:
        raise write_failure(path, error) from error
    with file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise ServerStartError(
                        f"Another process has held {path} for {timeout_seconds:.0f} seconds.",
                        "Wait for the other `chairside` command to end, or stop it.",
                    ) from None
                time.sleep(POLL_SECONDS)
        yield
