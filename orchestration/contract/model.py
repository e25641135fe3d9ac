"""The native layout as typed objects, read once from native.yml.

Put here what the contract says about entities and columns. Do not put here how it is rendered
(tables.py, sources.py, page.py) or applied to rows (loading/).
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

CONTRACT_FILE = Path(__file__).with_name("native.yml")


class ColumnType(StrEnum):
    """How a value is written; page.py describes each, tables.py gives its Postgres type."""

    ID = "id"
    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY = "money"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"
    TIME = "time"
    BIRTHDAY = "birthday"
    CURRENCY = "currency"
    TIMEZONE = "timezone"
    HOURS = "hours"


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(_Strict):
    """One column of an entity and the rules its values keep."""

    name: str
    type: ColumnType
    description: str
    required: bool = False
    values: tuple[str, ...] = ()
    min: int | None = None
    past: bool = False
    references: str | None = None


class Entity(_Strict):
    """One entity: a file of the native layout and a table of raw_native."""

    name: str
    description: str
    # As written in native.yml: without organization_id, which begins every key.
    key: tuple[str, ...]
    # All columns in the order of the raw table, common columns included.
    columns: tuple[Column, ...]
    same_currency: bool = False
    ordered: tuple[tuple[str, str], ...] = ()
    one_of: tuple[str, ...] = ()

    @property
    def full_key(self) -> tuple[str, ...]:
        """The columns that make a row unique, organization_id first."""
        return ("organization_id", *self.key)

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """The columns by their names."""
        return {column.name: column for column in self.columns}

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of all columns in the order of the raw table."""
        return tuple(column.name for column in self.columns)

    @model_validator(mode="after")
    def _rules_name_known_columns(self) -> Entity:
        named = {*self.full_key, *self.one_of, *(name for pair in self.ordered for name in pair)}
        if self.same_currency:
            named |= {"currency", "location_id"}
        if unknown := sorted(named - self.by_name.keys()):
            raise ValueError(f"{self.name}: no such column: {', '.join(unknown)}")
        return self


class Contract(_Strict):
    """The whole layout: a version number and its entities, parents before children."""

    version: int
    common_columns: tuple[Column, ...]
    entities: dict[str, Entity] = Field(min_length=1)

    @model_validator(mode="after")
    def _references_name_known_entities(self) -> Contract:
        for entity in self.entities.values():
            for column in entity.columns:
                if column.references and column.references not in self.entities:
                    raise ValueError(f"{entity.name}.{column.name}: no entity {column.references}")
        return self


@cache
def load_contract() -> Contract:
    """Return the contract of this version of Chairside.

    Raises pydantic.ValidationError when native.yml itself is wrong, which is a bug.
    """
    return parse_contract(yaml.safe_load(CONTRACT_FILE.read_text(encoding="utf-8")))


def parse_contract(document: dict[str, Any]) -> Contract:
    """Return the contract written in a parsed native.yml: organization_id first, the others last.

    Raises pydantic.ValidationError naming the key that is wrong.
    """
    organization, *trailing = document["common_columns"]
    entities = {
        name: {"name": name, **body, "columns": [organization, *body["columns"], *trailing]}
        for name, body in document["entities"].items()
    }
    return Contract.model_validate({**document, "entities": entities})
