"""What a run of exports is told and what each of its parts is about.

Put here the values that staging and publishing share. Do not put here any work on them.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from orchestration.exporting.audience import Audience
from orchestration.exporting.columns import ExportColumn
from orchestration.exporting.files import folder_name
from orchestration.exporting.rules import SegmentRule
from orchestration.exporting.snapshot import PublishedRefresh
from orchestration.exporting.writers import ExportFormat, WriteOptions


@dataclass(frozen=True, slots=True)
class Run:
    """What all files of one call of `run_exports` have in common."""

    name: str
    generated_at: datetime
    refresh: PublishedRefresh
    root: Path
    # A copy for somebody: all members, no delta, and the membership stays as it was.
    is_copy: bool
    formats: tuple[ExportFormat, ...]
    options: WriteOptions
    # How many runs of an audience stay on disk; fewer than two would take files from readers.
    runs_kept: int

    def folder(self, audience: Audience) -> Path:
        """Return the folder that holds an audience's manifest and runs."""
        organization = folder_name(audience.organization_id)
        definition = audience.definition
        return self.root / organization / "segments" / definition.segment / audience.channel.name

    def partial_folder(self, audience: Audience) -> Path:
        """Return the folder in which an audience's files are written until they are complete."""
        return self.folder(audience) / f".{self.name}.partial"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is exported: an audience with its columns, its rule and the export before."""

    audience: Audience
    columns: tuple[ExportColumn, ...]
    rule: SegmentRule
    previous_run: str | None

    @property
    def definition_version(self) -> str:
        """The metrics' version, and a digest of all else that decides on rows and columns."""
        definition = self.audience.definition
        decisive = [
            definition.segment,
            self.audience.channel.rule,
            [(column.name, column.type) for column in self.columns],
            self.rule.description,
            self.rule.thresholds,
        ]
        digest = hashlib.sha256(json.dumps(decisive).encode()).hexdigest()[:12]
        return f"{self.rule.metrics_version or 'none'}-{digest}"
