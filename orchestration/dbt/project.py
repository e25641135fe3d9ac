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
from typing import TYPE_CHECKING, Any

from orchestration.errors import ChairsideError
from orchestration.postgres.locking import exclusive_lock
from orchestration.settings import Settings

if TYPE_CHECKING:
    from orchestration.dbt.runner import DbtRunner

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
    with manifest_lock(paths):
        if is_manifest_stale(paths):
            from orchestration.dbt.runner import DbtRunner  # dbt takes seconds to import

            make_manifest(DbtRunner(paths))
        manifest: Manifest = json.loads(paths.manifest.read_text(encoding="utf-8"))
    return manifest


@contextmanager
def manifest_lock(paths: DbtPaths) -> Iterator[None]:
    """Keep other processes from the manifest while the block reads or makes it."""
    paths.target.mkdir(parents=True, exist_ok=True)
    with exclusive_lock(paths.target.parent / MANIFEST_LOCK):
        yield


def is_manifest_stale(paths: DbtPaths) -> bool:
    """Tell whether the project has changed since its manifest was made, or has none."""
    return not paths.manifest.exists() or _recorded(paths) != project_fingerprint(paths)


def make_manifest(runner: DbtRunner) -> None:
    """Parse the project and write its manifest; the caller holds the lock.

    Raises DbtFailedError, or ChairsideError where dbt wrote none.
    """
    paths = runner.paths
    current = project_fingerprint(paths)
    # A failed parse must not leave an old manifest that looks current.
    paths.fingerprint.unlink(missing_ok=True)
    runner.parse(write=True)
    if not paths.manifest.exists():
        raise ChairsideError(
            f"dbt parsed the project but wrote no {paths.manifest}.",
            "Check that the folder can be written to.",
        )
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
