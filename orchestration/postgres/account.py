"""The system account the embedded server runs under, and running its programs as that account.

Put here user ids and privilege dropping. Do not put here what the programs are asked to do.
"""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestration.errors import BinariesMissingError, ServerStartError

# Postgres refuses to run as root, and initdb wants an account that the system knows by name; this
# is the one unprivileged account that every Unix has.
UNPRIVILEGED_USER = "nobody"


@dataclass(frozen=True, slots=True)
class Account:
    """User and group ids of the server; both None means: as this process itself."""

    uid: int | None = None
    gid: int | None = None

    def own(self, path: Path, mode: int = 0o700) -> None:
        """Give a folder or file of ours to the account and set its permissions."""
        path.chmod(mode)
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def run(
        self, command: Sequence[str | Path], cwd: str | Path = "/", timeout_seconds: float = 120
    ) -> subprocess.CompletedProcess[str]:
        """Run a program to its end as the account and return its exit code and output.

        Raises PermissionError when the account may not reach the program, BinariesMissingError
        when it does not run on this platform, ServerStartError on timeout.
        """
        try:
            return subprocess.run(
                [str(part) for part in command],
                cwd=cwd,
                env=_environment(),
                user=self.uid,
                group=self.gid,
                extra_groups=None if self.uid is None else [],
                umask=0o077,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=timeout_seconds,
                check=False,
            )
        except PermissionError:
            raise
        except subprocess.TimeoutExpired as error:
            raise ServerStartError(
                f"{command[0]} did not end within {timeout_seconds:.0f} seconds.",
                "Check the load and the disk of this machine, then try again.",
            ) from error
        except OSError as error:
            raise BinariesMissingError(
                f"{command[0]} cannot be run here: {error.strerror}.",
                "Reinstall with `make install`, or set CHAIRSIDE_DATABASE_URL to a server.",
            ) from error

    def can_enter(self, folder: Path) -> bool:
        """Tell whether the account may pass through every parent of a folder and enter it."""
        try:
            probe = self.run(["/bin/sh", "-c", 'cd -- "$1"', "sh", folder])
        except PermissionError:
            return False
        return probe.returncode == 0


def server_account(data: Path) -> Account:
    """Return the account for a data folder: its owner if it exists, else one that is not root.

    Raises ServerStartError when root finds no account to step down to, or when the data belongs
    to someone else and this process may not act for them.
    """
    owner = data.stat() if data.exists() else None
    if os.geteuid() != 0:
        if owner is not None and owner.st_uid != os.geteuid():
            raise ServerStartError(
                f"The data folder {data} belongs to user id {owner.st_uid}, not to this user.",
                "Run as that user (or root), or set CHAIRSIDE_HOME to a folder of your own.",
            )
        return Account()
    if owner is not None and owner.st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    try:
        entry = pwd.getpwnam(UNPRIVILEGED_USER)
    except KeyError:
        raise ServerStartError(
            f"Postgres does not run as root, and there is no user {UNPRIVILEGED_USER!r} here.",
            "Run as an ordinary user, or set CHAIRSIDE_DATABASE_URL to a server.",
        ) from None
    return Account(entry.pw_uid, entry.pw_gid)


def _environment() -> dict[str, str]:
    """Return a small environment: English messages, UTC, and none of the caller's PG* variables."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}
