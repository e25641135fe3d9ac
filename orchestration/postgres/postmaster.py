"""The server's main process: whether it lives, clearing up after a dead one, and stopping it.

Put here what concerns processes. Do not put here how a server is created or configured.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from orchestration.errors import ServerStartError

POLL_SECONDS = 0.05
_PORT_LINE, _SOCKET_LINE, _STATUS_LINE = 3, 4, 7


@dataclass(frozen=True, slots=True)
class Postmaster:
    """What a running server wrote about itself into postmaster.pid."""

    pid: int
    port: int
    socket: str
    ready: bool


def running_postmaster(data: Path) -> Postmaster | None:
    """Return the live server of a data folder; a zombie or another program does not count."""
    lines = _read_lines(data / "postmaster.pid")
    try:
        pid = int(lines[0])
        if not _is_postmaster_of(pid, data):
            return None
        port = int(lines[_PORT_LINE]) if len(lines) > _PORT_LINE else 0
    except (IndexError, ValueError):
        return None
    socket = lines[_SOCKET_LINE] if len(lines) > _SOCKET_LINE else ""
    status = lines[_STATUS_LINE].strip() if len(lines) > _STATUS_LINE else ""
    return Postmaster(pid, port, socket, status == "ready")


def clear_stale_files(data: Path, socket_folder: Path) -> None:
    """Remove what a dead server left, which Postgres mistakes for a live one's.

    It asks only whether the process id exists; a zombie, or another program that has been given
    the same number since, says yes. Call it only when `running_postmaster` says None.
    """
    (data / "postmaster.pid").unlink(missing_ok=True)
    for lock in socket_folder.glob(".s.PGSQL.*.lock"):
        lines = _read_lines(lock)
        owner = lines[1] if len(lines) > 1 else ""
        if owner == str(data):
            lock.unlink(missing_ok=True)
            lock.with_suffix("").unlink(missing_ok=True)


def stop_postmaster(data: Path, timeout_seconds: float = 60) -> bool:
    """Stop the server after its running statements are rolled back; False when none ran.

    Raises ServerStartError when it does not end, or belongs to another user.
    """
    server = running_postmaster(data)
    if server is None:
        return False
    try:
        for kind, seconds in ((signal.SIGINT, timeout_seconds), (signal.SIGQUIT, 10.0)):
            os.kill(server.pid, kind)
            if _wait_for_end(server.pid, data, seconds):
                return True
    except ProcessLookupError:
        return True
    except PermissionError:
        raise ServerStartError(
            f"The server (process {server.pid}) belongs to another user.",
            "Stop it as the user who started it.",
        ) from None
    raise ServerStartError(
        f"The server (process {server.pid}) does not stop.",
        f"See the logs beside {data}.",
    )


def _wait_for_end(pid: int, data: Path, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not _is_postmaster_of(pid, data):
            return True
        time.sleep(POLL_SECONDS)
    return False


def _is_postmaster_of(pid: int, data: Path) -> bool:
    """Tell whether a live process is the Postgres server that was started on this folder."""
    arguments = _live_command_line(pid)
    return "postgres" in arguments and str(data) in arguments


def _live_command_line(pid: int) -> str:
    """Return a process's command line; empty for a zombie or when there is no such process."""
    if Path("/proc/self/cmdline").exists():
        try:
            # The kernel gives a zombie an empty command line.
            text = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
        except OSError:
            return ""
        return text.replace("\0", " ")
    ps = ["ps", "-ww", "-o", "stat=,command=", "-p", str(pid)]
    listed = subprocess.run(ps, capture_output=True, text=True, check=False).stdout.strip()
    return "" if listed.startswith("Z") else listed


def _read_lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
