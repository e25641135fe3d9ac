"""Which exports there are: read from the exposures of the dbt project, where they are declared.

Put here how a declaration is read and checked. Do not put here the declarations themselves
(dbt_project/models/exposures.yml) or anything that needs a database.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from orchestration.errors import ChairsideError
from orchestration.exporting.consent import CHANNELS

EXPOSURES_FILE = Path("dbt_project", "models", "exposures.yml")
MONEY_SUFFIX = "_minor"

_Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]


class ExportDefinition(BaseModel):
    """One export: whom it is for, over which channels, and the only columns that it may hold."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: _Name
    label: str
    description: str
    owner: str
    segment: _Name
    channels: Annotated[tuple[str, ...], Field(min_length=1)]
    columns: Annotated[tuple[_Name, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _hold_together(self) -> ExportDefinition:
        for channel in self.channels:
            if channel not in CHANNELS:
                raise ValueError(f"channel {channel!r} is none of: {', '.join(CHANNELS)}")
            if CHANNELS[channel].address_column not in self.columns:
                raise ValueError(f"channel {channel} needs {CHANNELS[channel].address_column}")
        if "customer_id" not in self.columns:
            raise ValueError("customer_id must be a column, since deltas name clients by it")
        if len(set(self.columns)) < len(self.columns):
            raise ValueError("a column is named twice")
        has_money = any(column.endswith(MONEY_SUFFIX) for column in self.columns)
        if has_money and "currency" not in self.columns:
            raise ValueError("money without the column currency says nothing")
        return self


def load_definitions(project_root: Path) -> dict[str, ExportDefinition]:
    """Return the exports by name, in the order of their declaration.

    Raises ChairsideError naming the file and the exposure that cannot be used.
    """
    path = project_root / EXPOSURES_FILE
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except FileNotFoundError:
        raise ChairsideError(
            f"{path} is missing: it declares the exports.", "Restore it from version control."
        ) from None
    except yaml.YAMLError as error:
        raise ChairsideError(f"{path} is not valid YAML: {error}", "Correct it.") from error
    exposures = document.get("exposures") or []
    exports = [exposure for exposure in exposures if _export_meta(exposure) is not None]
    return {exposure["name"]: _definition(exposure, path) for exposure in exports}


def select_definitions(
    definitions: dict[str, ExportDefinition], names: Sequence[str] | None
) -> list[ExportDefinition]:
    """Return the named exports, or all of them where no names are given.

    Raises ChairsideError listing the known names when one is unknown.
    """
    unknown = [name for name in names or () if name not in definitions]
    if unknown:
        raise ChairsideError(
            f"There is no export named {', '.join(unknown)}.",
            f"Known exports: {', '.join(definitions)}.",
        )
    return [definitions[name] for name in dict.fromkeys(names or definitions)]


def _export_meta(exposure: dict[str, Any]) -> dict[str, Any] | None:
    config = exposure.get("config", {})
    # dbt leaves a disabled exposure out, and so does everything else.
    return config.get("meta", {}).get("export") if config.get("enabled", True) else None


def _definition(exposure: dict[str, Any], path: Path) -> ExportDefinition:
    name = str(exposure.get("name"))
    owner = exposure.get("owner", {})
    try:
        return ExportDefinition(
            name=name,
            label=exposure.get("label", name),
            description=" ".join(exposure.get("description", "").split()),
            owner=owner.get("name") or owner.get("email"),
            **(_export_meta(exposure) or {}),
        )
    except (ValidationError, TypeError) as error:
        raise ChairsideError(
            f"{path}: exposure {name} is no usable export: {error}",
            "Correct its config.meta.export; the head of the file says what belongs in it.",
        ) from error
