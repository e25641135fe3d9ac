"""Running exports: from the published tables to files that a reader can trust.

Put here the course of a run. Do not put here its steps, each of which has its own module.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from orchestration.errors import ChairsideError
from orchestration.exporting import snapshot
from orchestration.exporting.audience import audiences_of
from orchestration.exporting.columns import read_columns
from orchestration.exporting.definitions import (
    ExportDefinition,
    load_definitions,
    select_definitions,
)
from orchestration.exporting.delta import prepare_changes
from orchestration.exporting.files import remove_folder
from orchestration.exporting.ledger import find_last_runs
from orchestration.exporting.manifest import Manifest, ManifestFile
from orchestration.exporting.publishing import complete_last_run, publish
from orchestration.exporting.rules import read_segment_rule, require_known_currencies
from orchestration.exporting.run import Run, Subject
from orchestration.exporting.snapshot import Cursor
from orchestration.exporting.staging import stage
from orchestration.exporting.writers import ExportFormat, WriteOptions
from orchestration.postgres.connection import Connection
from orchestration.settings import Settings


@dataclass(frozen=True, slots=True)
class ExportResult:
    """One audience's export; paths of `files` are relative to the folder of `manifest_path`."""

    export_name: str
    organization_id: str
    channel: str
    refresh_id: int
    as_of: datetime
    definition_version: str
    rows: int
    rows_added: int
    rows_removed: int
    rows_withheld: int
    withheld: dict[str, int]
    manifest_path: Path
    files: tuple[ManifestFile, ...]


def run_exports(  # noqa: PLR0913 (each is a choice of its own, and all but two have a default)
    connection: Connection,
    settings: Settings,
    names: Sequence[str] | None = None,
    refresh_id: int | None = None,
    formats: Sequence[str] | None = None,
    organizations: Sequence[str] | None = None,
    *,
    out: Path | None = None,
    options: WriteOptions | None = None,
) -> list[ExportResult]:
    """Export the named segments (all by default) of the organizations (all) in the formats (all).

    All files of a run show one instant. They go to `settings.exports` with what changed since the
    last run there. With `out` they are a copy: whole lists, and the next delta is not affected.
    `refresh_id` is a refresh that must have been published. `connection` must be in no transaction
    and not in autocommit mode; it is committed. Raises ChairsideError and its kinds; every export
    that was not finished stays as it was.
    """
    definitions = select_definitions(load_definitions(settings.project_root), names)
    destination = (out or settings.exports).resolve()
    request = _Request(
        definitions,
        refresh_id,
        organizations,
        destination,
        destination != settings.exports.resolve(),
        _formats(formats),
        options or WriteOptions(),
        settings.export_runs_kept,
    )
    with snapshot.export_lock(connection), ExitStack() as cleanup:
        prepare_changes(connection)
        with snapshot.snapshot(connection) as cursor:
            run = _begin(cursor, request)
            staged = [
                (subject.audience, _stage(cursor, run, subject, cleanup))
                for subject in _subjects(cursor, run, request)
            ]
        # Nothing is published before all is staged: a full disk leaves every export as it was.
        paths = publish(connection, run, staged)
    return [_result(*each) for each in zip(paths, (m for _, m in staged), strict=True)]


@dataclass(frozen=True, slots=True)
class _Request:
    """What the caller asked for, checked as far as that needs no database."""

    definitions: list[ExportDefinition]
    refresh_id: int | None
    organizations: Sequence[str] | None
    destination: Path
    is_copy: bool
    formats: tuple[ExportFormat, ...]
    options: WriteOptions
    runs_kept: int


def _formats(names: Sequence[str] | None) -> tuple[ExportFormat, ...]:
    known = [fmt.value for fmt in ExportFormat]
    if unknown := [name for name in names or () if name not in known]:
        raise ChairsideError(
            f"There is no export format {', '.join(unknown)}.", f"Use: {', '.join(known)}."
        )
    return tuple(ExportFormat(name) for name in dict.fromkeys(names or known))


def _begin(cursor: Cursor, request: _Request) -> Run:
    snapshot.require_published_tables(cursor)
    require_known_currencies(cursor)
    now = datetime.now(UTC)
    return Run(
        # The token keeps two runs of one second apart.
        name=f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}",
        generated_at=now,
        refresh=snapshot.read_refresh(cursor, request.refresh_id),
        root=request.destination,
        is_copy=request.is_copy,
        formats=request.formats,
        options=request.options,
        runs_kept=request.runs_kept,
    )


def _subjects(cursor: Cursor, run: Run, request: _Request) -> Iterator[Subject]:
    organizations = snapshot.read_organizations(cursor, request.organizations)
    columns = {each.name: read_columns(cursor, each) for each in request.definitions}
    rules = {each.name: read_segment_rule(cursor, each.segment) for each in request.definitions}
    for audience in audiences_of(request.definitions, organizations):
        name = audience.definition.name
        last_run = next(iter(find_last_runs(cursor, audience, 1)), None)
        complete_last_run(run, audience, last_run)
        yield Subject(audience, columns[name], rules[name], last_run)


def _stage(cursor: Cursor, run: Run, subject: Subject, cleanup: ExitStack) -> Manifest:
    cleanup.callback(remove_folder, run.partial_folder(subject.audience))
    return stage(cursor, run, subject)


def _result(path: Path, manifest: Manifest) -> ExportResult:
    return ExportResult(
        export_name=manifest.export,
        organization_id=manifest.organization_id,
        channel=manifest.channel,
        refresh_id=manifest.refresh_id,
        as_of=manifest.as_of,
        definition_version=manifest.definition_version,
        rows=manifest.rows,
        rows_added=manifest.rows_added,
        rows_removed=manifest.rows_removed,
        rows_withheld=manifest.rows_withheld,
        withheld=manifest.withheld,
        manifest_path=path,
        files=manifest.files,
    )
