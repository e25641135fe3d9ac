"""One audience's files, written completely under a temporary name that no reader looks at.

Put here the way from rows to finished files and their manifest. Do not put here what makes them
visible (publishing.py) or how a format is written (writers.py).
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from orchestration.exporting import delta, files
from orchestration.exporting.audience import Batch, count_withheld, stream_members
from orchestration.exporting.columns import ExportColumn, columns_for
from orchestration.exporting.manifest import (
    RUN_MANIFEST_NAME,
    Content,
    Manifest,
    ManifestColumn,
    ManifestFile,
)
from orchestration.exporting.run import Run, Subject
from orchestration.exporting.snapshot import Cursor
from orchestration.exporting.writers import ExportFormat, open_writer, show_timestamp

# A delta is applied by a program; a person opens the whole list.
DELTA_FORMATS = (ExportFormat.CSV, ExportFormat.PARQUET)


def stage(cursor: Cursor, run: Run, subject: Subject) -> Manifest:
    """Write an audience's files and their manifest into the partial folder; return the manifest.

    Must run within the snapshot. Raises DiskFullError or FolderNotWritableError.
    """
    folder = run.partial_folder(subject.audience)
    with files.explained_failures(folder):
        files.make_private_folder(folder)
        manifest = _write_contents(cursor, run, subject, folder)
        with files.private_file(folder / RUN_MANIFEST_NAME) as file:
            file.write(manifest.to_json().encode())
    return manifest


def _write_contents(cursor: Cursor, run: Run, subject: Subject, folder: Path) -> Manifest:
    audience, connection = subject.audience, cursor.connection
    columns = columns_for(subject.columns, audience.channel)
    manifest = _describe(run, subject, columns, count_withheld(cursor, audience))
    write = _Contents(run, manifest, folder)
    written = write.files("members", columns, stream_members(connection, audience, columns))
    update: dict[str, object] = {"rows": written[0].rows}
    if not run.is_copy:
        delta.find_changes(cursor, audience)
        came, went = delta.count_changes(cursor, audience)
        update |= {"rows_added": came, "rows_removed": sum(went.values()), "removed": went}
        added = delta.stream_added(connection, audience, columns)
        removed = delta.stream_removed(connection, audience)
        written += write.files("added", columns, added)
        written += write.files("removed", delta.REMOVED_COLUMNS, removed)
    return manifest.model_copy(update={**update, "files": tuple(written)})


@dataclass(frozen=True, slots=True)
class _Contents:
    """Writes one content (members, added, removed) in all formats during one pass of its rows."""

    run: Run
    manifest: Manifest
    folder: Path

    def files(
        self, content: Content, columns: Sequence[ExportColumn], batches: Generator[Batch]
    ) -> list[ManifestFile]:
        paths = {
            fmt: self.folder / self._name(content, fmt)
            for fmt in self.run.formats
            if content == "members" or fmt in DELTA_FORMATS
        }
        rows = 0
        with closing(batches), ExitStack() as stack:
            writers = [
                stack.enter_context(open_writer(fmt, file, columns, self.run.options, self.folder))
                for fmt, path in paths.items()
                for file in [stack.enter_context(files.private_file(path))]
            ]
            for batch in batches:
                rows += len(batch)
                for writer in writers:
                    writer.write(batch)
            for writer in writers:
                writer.close(_about(self.manifest, content, rows))
        return [self._entry(content, fmt, path, rows) for fmt, path in paths.items()]

    def _name(self, content: Content, fmt: ExportFormat) -> str:
        stem = f"{self.manifest.segment}_{self.manifest.channel}"
        return f"{stem}.{fmt}" if content == "members" else f"{stem}_{content}.{fmt}"

    def _entry(self, content: Content, fmt: ExportFormat, path: Path, rows: int) -> ManifestFile:
        return ManifestFile(
            path=f"{self.run.name}/{path.name}",
            format=fmt,
            content=content,
            rows=rows,
            bytes=path.stat().st_size,
            sha256=files.checksum(path),
        )


def _describe(
    run: Run, subject: Subject, columns: Sequence[ExportColumn], withheld: dict[str, int]
) -> Manifest:
    audience, definition = subject.audience, subject.audience.definition
    return Manifest(
        export=definition.name,
        label=definition.label,
        organization_id=audience.organization_id,
        segment=definition.segment,
        channel=audience.channel.name,
        description=definition.description,
        rule=subject.rule.description,
        thresholds=subject.rule.thresholds,
        consent_rule=audience.channel.rule,
        definition_version=subject.definition_version,
        refresh_id=run.refresh.refresh_id,
        as_of=run.refresh.as_of,
        generated_at=run.generated_at,
        run=run.name,
        delta_since=None if run.is_copy else subject.previous_run,
        rows=0,
        rows_added=0,
        rows_removed=0,
        removed={},
        rows_withheld=sum(withheld.values()),
        withheld=withheld,
        formulas_defused=run.options.defuse_formulas,
        columns=tuple(ManifestColumn(name=c.name, type=c.type) for c in columns),
        files=(),
    )


def _about(manifest: Manifest, content: Content, rows: int) -> dict[str, str]:
    """Return what a person who holds only the file should know about it."""
    thresholds = (
        " ".join(str(part) for part in threshold.values() if part is not None)
        for threshold in manifest.thresholds
    )
    withheld = (f"{reason} {count}" for reason, count in manifest.withheld.items())
    return {
        "Export": f"{manifest.label} ({manifest.export})",
        "Content": f"{content}, since {manifest.delta_since}" if content != "members" else content,
        "Organization": manifest.organization_id,
        "Channel": manifest.channel,
        "Who is in it": manifest.rule,
        "Thresholds": "; ".join(thresholds),
        "Consent": manifest.consent_rule,
        "Withheld": "; ".join(withheld) or "none",
        "Rows": str(rows),
        "As of": show_timestamp(manifest.as_of),
        "Written at": show_timestamp(manifest.generated_at),
        "Times": "UTC",
        "Definition version": manifest.definition_version,
        "Refresh": str(manifest.refresh_id),
    }
