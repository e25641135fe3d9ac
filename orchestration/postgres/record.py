"""What Chairside remembers of a server between runs: port, folders and generated passwords.

Put here values that are made once and must be found again. Do not put here settings that a person
chooses (orchestration/settings.py).
"""

from __future__ import annotations

import errno
import json
import os
import secrets
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path

from orchestration.errors import (
    ChairsideError,
    DiskFullError,
    FolderNotWritableError,
    ServerStartError,
)

FILE_NAME = "postgres.json"


def generate_password() -> str:
    """Return a random password (192 bits) of characters that need no encoding anywhere."""
    return secrets.token_urlsafe(24)


@dataclass(slots=True)
class Record:
    """The remembered values; the file is readable by its owner only."""

    cluster: str
    port: int | None = None
    socket: str | None = None
    provisioned: int = 0
    superuser_password: str = field(default_factory=generate_password, repr=False)
    owner_password: str = field(default_factory=generate_password, repr=False)
    bi_reader_password: str = field(default_factory=generate_password, repr=False)

    def save(self, home: Path) -> None:
        """Write the record so that a reader sees the old file or the new one, never half of one."""
        write_private(home / FILE_NAME, json.dumps(asdict(self), indent=2) + "\n")


def load_record(home: Path) -> Record | None:
    """Return the record of a home folder, or None when no server was ever made there.

    Raises ServerStartError when the file is damaged and FolderNotWritableError when unreadable.
    """
    path = home / FILE_NAME
    try:
        return Record(**json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except PermissionError as error:
        raise FolderNotWritableError(
            f"{path} belongs to another user.",
            "Run as the user who started the server first, or set CHAIRSIDE_HOME to a new folder.",
        ) from error
    except (ValueError, TypeError) as error:
        raise ServerStartError(
            f"{path}, which holds the server's port and passwords, is damaged: {error}.",
            "Restore it from a backup, or set CHAIRSIDE_HOME to a new folder and load again.",
        ) from error


def write_private(path: Path, text: str) -> None:
    """Replace a file with text that only its owner may read.

    Raises FolderNotWritableError or DiskFullError.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.unlink(missing_ok=True)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise write_failure(path, error) from error


def make_home(home: Path) -> None:
    """Create the home folder and try to write there.

    Raises FolderNotWritableError or DiskFullError.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            pass
    except OSError as error:
        raise write_failure(home, error) from error


def write_failure(path: Path, error: OSError) -> ChairsideError:
    """Return the typed error for a file or folder that could not be written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFullError(
            f"{path} cannot be written: {error.strerror}.",
            "Free some space, or set CHAIRSIDE_HOME to a folder on another disk.",
        )
    return FolderNotWritableError(
        f"{path} cannot be written: {error.strerror}.",
        "Make it writable for this user, or set CHAIRSIDE_HOME to a folder that is.",
    )
