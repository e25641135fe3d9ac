"""Files and folders that hold personal data: readable by their owner only, complete or not there.

Put here how files are created, renamed, checksummed and removed. Do not put here their contents.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from orchestration.errors import ChairsideError, DiskFullError, FolderNotWritableError

FILE_MODE = 0o600
FOLDER_MODE = 0o700
LONGEST_NAME = 100
SYNC_THREADS = 16
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def explained_failures(place: Path) -> Iterator[None]:
    """Turn an OSError of the block into DiskFullError or FolderNotWritableError."""
    try:
        yield
    except OSError as error:
        raise explain(error, place) from error


def explain(error: OSError, place: Path) -> ChairsideError:
    """Return the typed error for an export that could not be written."""
    where, why = error.filename or place, error.strerror or str(error)
    kept = "The exports written before are as they were."
    if error.errno in NO_ROOM:
        return DiskFullError(
            f"The export cannot be written to {where}: {why}. {kept}",
            "Free some space, or set CHAIRSIDE_EXPORTS to a folder on another disk.",
        )
    return FolderNotWritableError(
        f"The export cannot be written to {where}: {why}. {kept}",
        "Make the folder writable for this user, or set CHAIRSIDE_EXPORTS to one that is.",
    )


def folder_name(identifier: str) -> str:
    """Return a name that is safe in any file system, different for different identifiers."""
    name = quote(identifier, safe="")
    if name.startswith("."):
        name = f"%2E{name[1:]}"
    if len(name) <= LONGEST_NAME:
        return name
    return f"{name[:LONGEST_NAME]}-{hashlib.sha256(identifier.encode()).hexdigest()[:16]}"


def make_private_folder(folder: Path) -> None:
    """Create a folder and the missing ones above it, none of which others may enter."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    for place in reversed(missing):
        # mkdir(parents=True) would give those above the default mode.
        place.mkdir(mode=FOLDER_MODE, exist_ok=True)


@contextmanager
def private_file(path: Path) -> Iterator[BinaryIO]:
    """Open a new file for writing that only its owner may read."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, FILE_MODE)
    with os.fdopen(descriptor, "w+b") as file:
        yield file


def replace_files(texts: Mapping[Path, str]) -> None:
    """Replace files so that a reader sees the old text or the new one, never half of one."""
    temporaries = {path: path.with_name(f".{path.name}.partial") for path in texts}
    for path, temporary in temporaries.items():
        temporary.unlink(missing_ok=True)
        with private_file(temporary) as file:
            file.write(texts[path].encode())
    bring_to_disk(temporaries.values())
    for path, temporary in temporaries.items():
        temporary.replace(path)
    bring_to_disk({path.parent for path in texts})


def rename_folders(targets: Mapping[Path, Path]) -> None:
    """Give finished folders their names; they survive a power cut once this returns."""
    inside = [path for source in targets for path in source.iterdir()]
    bring_to_disk([*inside, *targets])
    for source, target in targets.items():
        source.rename(target)
    bring_to_disk({target.parent for target in targets.values()})


def bring_to_disk(paths: Iterable[Path]) -> None:
    """Wait until files, or the lists of names of folders, would survive a power cut."""
    # The system writes what waits at the same time in one go: ten times faster than one by one.
    with ThreadPoolExecutor(SYNC_THREADS) as pool:
        for finished in [pool.submit(_sync, path) for path in paths]:
            finished.result()


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return  # Windows keeps folders by itself and cannot open them.
    descriptor = os.open(path, os.O_RDWR if path.is_file() else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_folder(folder: Path) -> None:
    """Remove a folder with all in it, if it is there and can be removed."""
    # It is called after failures: what stays behind is removed by the next export.
    shutil.rmtree(folder, ignore_errors=True)


def remove_folders(parent: Path, keep: set[str]) -> None:
    """Remove the folders in `parent`, but for those named in `keep`."""
    if parent.is_dir():
        for child in parent.iterdir():
            if child.is_dir() and not child.is_symlink() and child.name not in keep:
                shutil.rmtree(child)


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
