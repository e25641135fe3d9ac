"""What makes a finished export visible, in an order that survives a crash at any moment.

The order is: rename all folders, commit the log and the membership, replace all manifests. A crash
before the commit leaves folders that nobody points to, which the next run removes; a crash after it
leaves some former manifests, and the next run first completes what was committed.

Put here that order and its repair. Do not put here the writing of files (staging.py).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from orchestration.errors import ChairsideError
from orchestration.exporting import delta, files
from orchestration.exporting.audience import Audience
from orchestration.exporting.ledger import find_last_runs, log_export
from orchestration.exporting.manifest import (
    MANIFEST_NAME,
    RUN_MANIFEST_NAME,
    Manifest,
    ManifestHead,
    read_head,
)
from orchestration.exporting.run import Run
from orchestration.postgres.connection import Connection

logger = logging.getLogger(__name__)


def publish(
    connection: Connection, run: Run, staged: Sequence[tuple[Audience, Manifest]]
) -> list[Path]:
    """Make a run's staged exports those that readers find; return the paths of their manifests.

    Raises DiskFullError, FolderNotWritableError or psycopg2.Error; the former exports then stay,
    or, after the commit, are followed by the new ones when the next run begins.
    """
    folders = [run.folder(audience) for audience, _ in staged]
    paths = [folder / MANIFEST_NAME for folder in folders]
    with files.explained_failures(run.root):
        former = [_run_in(path) for path in paths]
        files.rename_folders(
            {
                run.partial_folder(audience): run.folder(audience) / run.name
                for audience, _ in staged
            }
        )
        kept = _commit(connection, run, staged)
        texts = [manifest.to_json() for _, manifest in staged]
        files.replace_files(dict(zip(paths, texts, strict=True)))
        for folder, previous, names in zip(folders, former, kept, strict=True):
            # A reader who has just read the former manifest can still finish.
            files.remove_folders(folder, keep={run.name, previous or run.name, *names})
    return paths


def _commit(
    connection: Connection, run: Run, staged: Sequence[tuple[Audience, Manifest]]
) -> list[list[str]]:
    """Log the exports and return for each audience the names of the runs that stay on disk."""
    with connection.cursor() as cursor:
        for audience, manifest in staged:
            folder = _shown(run, run.folder(audience))
            export_id = log_export(cursor, manifest, folder, run.is_copy)
            if not run.is_copy:
                delta.apply_changes(cursor, audience, export_id)
        kept = [find_last_runs(cursor, audience, run.runs_kept) for audience, _ in staged]
    connection.commit()
    return kept


def complete_last_run(run: Run, audience: Audience, last_run: str | None) -> None:
    """Point the manifest at the last committed export, if a crash kept that from happening.

    Raises ChairsideError when the folder holds another organization's exports.
    """
    folder = run.folder(audience)
    with files.explained_failures(folder):
        current = _require_same_owner(folder, audience)
        if run.is_copy or last_run is None or (current and current.run == last_run):
            return
        committed = folder / last_run / RUN_MANIFEST_NAME
        if committed.is_file():
            logger.warning("Completing export %s in %s after a crash.", last_run, folder)
            text = committed.read_text(encoding="utf-8")
            files.replace_files({folder / MANIFEST_NAME: text})


def _run_in(path: Path) -> str | None:
    head = read_head(path)
    return head.run if head else None


def _require_same_owner(folder: Path, audience: Audience) -> ManifestHead | None:
    current = read_head(folder / MANIFEST_NAME)
    if current is not None and current.organization_id != audience.organization_id:
        # Two ids that differ only in case share a folder where the file system ignores case.
        raise ChairsideError(
            f"{folder} holds the exports of organization {current.organization_id}, not those of"
            f" {audience.organization_id}.",
            "Export to another folder with --out, or one whose file system tells them apart.",
        )
    return current


def _shown(run: Run, folder: Path) -> str:
    """Return the folder as ops.exports names it: within the exports folder where it lies there."""
    return str(folder if run.is_copy else folder.relative_to(run.root))
