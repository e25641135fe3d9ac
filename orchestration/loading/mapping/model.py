"""What a mapping says, as typed objects.

Put here the shape of a mapping. Do not put here its reading from YAML (reading.py) or its
translation into SQL (expressions.py, conditions.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from orchestration.loading.csv_reader import CsvFormat
from orchestration.loading.local_time import DEFAULT_POLICY, ClockPolicy
from orchestration.loading.mapping.conditions import Condition
from orchestration.loading.mapping.expressions import Expression

COLUMN_KINDS = ("text", "number", "date", "time", "datetime")


@dataclass(frozen=True, slots=True)
class Formats:
    """How the files write days, times and numbers; the time formats are Python's strptime."""

    date: tuple[str, ...] = ("%Y-%m-%d",)
    time: tuple[str, ...] = ("%H:%M", "%H:%M:%S")
    datetime: tuple[str, ...] = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S")
    decimal: str = "."
    thousands: str = ""


@dataclass(frozen=True, slots=True)
class ForeignFile:
    """A file of the export, or several alike: where it is and how its columns are written."""

    name: str
    glob: str
    layout: CsvFormat
    formats: Formats
    # Columns that are more than text, by kind.
    kinds: dict[str, str]
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Input:
    """One way in which rows of a foreign file become rows of an entity."""

    entity: str
    file: str
    fields: dict[str, Expression]
    where: Condition | None = None
    # One row for each distinct combination of these, instead of one for each row of the file.
    distinct: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class ConstantRows:
    """Rows of an entity that stand in the mapping itself."""

    entity: str
    rows: tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    """A whole mapping file."""

    file_name: str
    source_system: str
    timezone: str | None
    files: dict[str, ForeignFile]
    inputs: tuple[Input, ...]
    constants: tuple[ConstantRows, ...]
    policy: ClockPolicy = field(default=DEFAULT_POLICY)
