"""The manifest: what an export holds, by whose rule, and how a reader can tell that it is whole.

Put here the manifest's shape, how it is read and how files are checked against it. Do not put here
the order in which files and manifest become visible (publishing.py).
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from orchestration.errors import ChairsideError
from orchestration.exporting.files import checksum

MANIFEST_NAME = "manifest.json"
# The copy that a run's own folder keeps, from which an interrupted run is completed.
RUN_MANIFEST_NAME = ".manifest.json"

Content = Literal["members", "added", "removed"]
_Model = TypeVar("_Model", bound=BaseModel)


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ManifestHead(BaseModel):
    """The part of a manifest that every version of Chairside writes."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    organization_id: str
    run: str


class ManifestColumn(_Strict):
    """A column of the members' and added clients' files."""

    name: str
    type: str


class ManifestFile(_Strict):
    """A file: where it is, seen from the manifest, and what it must hold."""

    path: str
    format: str
    content: Content
    rows: int
    bytes: int
    sha256: str


class Manifest(_Strict):
    """One export of one organization over one channel. Instants are in UTC; nobody is named."""

    export: str
    label: str
    organization_id: str
    segment: str
    channel: str
    description: str
    rule: str
    thresholds: tuple[dict[str, Any], ...]
    consent_rule: str
    definition_version: str
    refresh_id: int
    as_of: datetime
    generated_at: datetime
    # Names this export; `delta_since` is the name of the one that added and removed refer to.
    # A reader who last took another one must take the members' file instead.
    run: str
    delta_since: str | None
    rows: int
    rows_added: int
    rows_removed: int
    removed: dict[str, int]
    rows_withheld: int
    withheld: dict[str, int]
    formulas_defused: bool
    columns: tuple[ManifestColumn, ...]
    files: tuple[ManifestFile, ...]

    def to_json(self) -> str:
        """Return the text of the manifest file."""
        return self.model_dump_json(indent=2) + "\n"


def read_head(path: Path) -> ManifestHead | None:
    """Return whose export a manifest describes and which run it is, or None without a manifest.

    Raises ChairsideError when the file is no manifest, or OSError.
    """
    try:
        return _parse(ManifestHead, path)
    except FileNotFoundError:
        return None


def read_manifest(path: Path) -> Manifest:
    """Return the manifest in a file.

    Raises ChairsideError when there is none, or none that this version of Chairside wrote.
    """
    try:
        return _parse(Manifest, path)
    except FileNotFoundError:
        raise ChairsideError(f"{path} does not exist.", "Run `chairside export`.") from None


def find_damage(manifest_path: Path) -> list[str]:
    """Return what is wrong with an export's files, nothing if they are as the manifest says.

    Raises ChairsideError when there is no manifest, or no readable one.
    """
    manifest = read_manifest(manifest_path)
    damage = []
    for file in manifest.files:
        path = manifest_path.parent / file.path
        if not path.is_file():
            damage.append(f"{file.path} is missing")
        elif path.stat().st_size != file.bytes or checksum(path) != file.sha256:
            damage.append(f"{file.path} is not the file that was exported")
    return damage


def _parse(model: type[_Model], path: Path) -> _Model:
    try:
        return model.model_validate_json(path.read_text(encoding="utf-8"))
    except (ValidationError, UnicodeDecodeError) as error:
        raise ChairsideError(
            f"{path} is not a manifest that this version of Chairside wrote: {error}",
            "Move the folder that holds it away and export again.",
        ) from error
