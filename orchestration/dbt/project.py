"""Where the dbt project is, where its artefacts go, and its manifest, made only when files changed.

Put here paths and the manifest. Do not put here arguments (arguments.py) or runs (runner.py).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from orchestration.errors import ChairsideError
from orchestration.postgres.locking import exclusive_lock
from orchestration.settings import Settings

# What the manifest holds of the machine: the target and the database that relations are in.
MANIFEST_VARIABLES = ("CHAIRSIDE_ENV", "CHAIRSIDE_PG_DATABASE")
MANIFEST_LOCK = "manifest.lock"
SOURCE_FOLDERS = ("models", "macros", "tests", "snapshots", "analyses")

Manifest = dict[str, Any]


@dataclass(frozen=True, slots=True)
class DbtPaths:
    """The folders of one dbt project as one warehouse uses it."""

    project: Path
    seeds: Path
    target: Path
    logs: Path

    @property
    def manifest(self) -> Path:
        """The file that dbt writes its manifest to."""
        return self.target / "manifest.json"

    @property
    def fingerprint(self) -> Path:
        """The file that says which state of the project the manifest was made from."""
        return self.target / "manifest.fingerprint"


def project_paths(settings: Settings) -> DbtPaths:
    """Return the folders; artefacts go under CHAIRSIDE_HOME, apart from those of a bare dbt."""
    return DbtPaths(
        project=settings.project_root / "dbt_project",
        seeds=settings.project_root / "seeds" / "reference",
        target=settings.home / "dbt" / "target",
        logs=settings.home / "dbt" / "logs",
    )


def load_manifest(settings: Settings) -> Manifest:
    """Return dbt's manifest of the project as it stands, parsing it only when a file has changed.

    The variables of `export_environment` must be set. Raises ChairsideError with dbt's own message
    when the project cannot be parsed.
    """
    paths = project_paths(settings)
    with manifest_in_making(paths) as is_stale:
        if is_stale:
            from orchestration.dbt.runner import DbtRunner  # dbt takes seconds to import

            DbtRunner(paths).parse(write=True)
    manifest: Manifest = json.loads(paths.manifest.read_text(encoding="utf-8"))
    return manifest


@contextmanager
def manifest_in_making(paths: DbtPaths) -> Iterator[bool]:
    """Keep others from the manifest, and tell whether the block has to make it.

    Raises ChairsideError where it had to and did not.
    """
    paths.target.mkdir(parents=True, exist_ok=True)
    with exclusive_lock(paths.target.parent / MANIFEST_LOCK):
        current = project_fingerprint(paths)
        is_stale = not paths.manifest.exists() or _recorded(paths) != current
        if is_stale:
            # A failed parse must not leave an old manifest that looks current.
            paths.fingerprint.unlink(missing_ok=True)
        yield is_stale
        if not paths.manifest.exists():
            raise ChairsideError(
                f"dbt parsed the project but wrote no {paths.manifest}.",
                "Check that the folder can be written to.",
            )
        if is_stale:
            paths.fingerprint.write_text(current, encoding="utf-8")


def project_fingerprint(paths: DbtPaths) -> str:
    """Return a digest of name, size and time of every file that dbt parses, and its settings."""
    digest = hashlib.sha256(version("dbt-core").encode())
    for name in MANIFEST_VARIABLES:
        digest.update(f"{name}={os.environ.get(name, '')}\n".encode())
    for path in _source_files(paths):
        state = path.stat()
        digest.update(f"{path}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def definitions_digest(paths: DbtPaths) -> str:
    """Return a digest of everything that decides what a row holds: SQL, rules and their settings.

    Descriptions and tests are left out: with other words a number stays the same.
    """
    digest = hashlib.sha256()
    files = [paths.project / "dbt_project.yml", *paths.seeds.glob("*.csv")]
    for name in ("models", "macros"):
        files += (paths.project / name).rglob("*.sql")
    for path in sorted(files):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _source_files(paths: DbtPaths) -> list[Path]:
    files = list(paths.project.glob("*.yml"))
    for folder in (*(paths.project / name for name in SOURCE_FOLDERS), paths.seeds):
        files += [path for path in folder.rglob("*") if path.is_file()]
    return sorted(files)


def _recorded(paths: DbtPaths) -> str | None:
    return paths.fingerprint.read_text(encoding="utf-8") if paths.fingerprint.exists() else None
