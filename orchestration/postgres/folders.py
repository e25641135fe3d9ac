"""Where the embedded server keeps its files, chosen so that its account can reach them.

Put here the choice and making of folders. Do not put here what is written into them.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from orchestration.errors import FolderNotWritableError, ServerStartError
from orchestration.postgres.account import Account, server_account
from orchestration.postgres.record import FILE_NAME, Record, write_failure

IN_HOME = "postgres"
# Kept across restarts of the machine, unlike /tmp.
STATE_FOLDERS = (Path("/var/lib/chairside"), Path("/var/tmp"))  # noqa: S108 - mkdtemp makes ours private
# sockaddr_un holds 108 bytes on Linux and 104 on macOS, with the closing zero.
SOCKET_PATH_LIMIT = 103
LONGEST_SOCKET_NAME = ".s.PGSQL.65535"


@dataclass(frozen=True, slots=True)
class Cluster:
    """The folder of one embedded server and what lies in it."""

    root: Path

    @property
    def data(self) -> Path:
        """The data folder of Postgres."""
        return self.root / "data"

    @property
    def logs(self) -> Path:
        """Server logs, one file a weekday."""
        return self.root / "log"

    @property
    def start_log(self) -> Path:
        """What the server says before its own log begins."""
        return self.logs / "start.log"


def find_cluster(home: Path, record: Record) -> Cluster:
    """Return the recorded cluster; a relative one moves with its home folder."""
    return Cluster(home / record.cluster)


def make_cluster(home: Path) -> Cluster:
    """Create the folder for a new server, in the home folder if its account can get there.

    Raises FolderNotWritableError when no place can be written, or DiskFullError.
    """
    root = home / IN_HOME
    account = server_account(root)
    if not account.can_enter(home):
        root = _private_state_folder(home)
    try:
        root.mkdir(exist_ok=True)
        account.own(root)
    except OSError as error:
        raise write_failure(root, error) from error
    return Cluster(root)


def require_cluster(home: Path, cluster: Cluster) -> None:
    """Raise ServerStartError when the recorded folder is gone: an empty one must not replace it."""
    if not cluster.root.is_dir():
        raise ServerStartError(
            f"The server's folder {cluster.root} is gone.",
            f"Mount or restore it, or remove {home / FILE_NAME} to begin with an empty warehouse.",
        )


def choose_socket_folder(cluster: Cluster, account: Account, remembered: str | None) -> Path:
    """Return a private folder whose socket path fits the system's limit, made if missing."""
    folder = cluster.root / "socket"
    if len(os.fsencode(folder / LONGEST_SOCKET_NAME)) <= SOCKET_PATH_LIMIT:
        folder.mkdir(exist_ok=True)
    elif remembered and _is_private_to(Path(remembered), account):
        return Path(remembered)
    else:
        # Not TMPDIR, which on macOS and in CI is itself long.
        folder = Path(tempfile.mkdtemp(prefix="chairside-", dir="/tmp"))
    account.own(folder)
    return folder


def _is_private_to(folder: Path, account: Account) -> bool:
    """Tell whether a folder in /tmp is still the one we made, not another user's."""
    if not folder.is_dir() or folder.is_symlink():
        return False
    state = folder.stat()
    uid = os.geteuid() if account.uid is None else account.uid
    return state.st_uid == uid and state.st_mode & 0o077 == 0


def _private_state_folder(home: Path) -> Path:
    for parent in STATE_FOLDERS:
        try:
            parent.mkdir(mode=0o755, exist_ok=True)
            return Path(tempfile.mkdtemp(prefix="chairside-", dir=parent))
        except OSError:
            continue
    places = " nor ".join(str(parent) for parent in STATE_FOLDERS)
    raise FolderNotWritableError(
        f"The server's account cannot enter {home}, and neither {places} can be written.",
        "Set CHAIRSIDE_HOME to a folder whose parents every user may enter.",
    )
