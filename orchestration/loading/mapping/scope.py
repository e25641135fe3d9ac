"""What names in an expression stand for while it is translated into SQL.

Put here the link between foreign columns and the temporary tables that hold them. Do not put here
the vocabulary (expressions.py, conditions.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from psycopg2 import sql

from orchestration.loading.header import suggestion
from orchestration.loading.mapping.node import HINT, MappingError


@dataclass(frozen=True, slots=True)
class SourceTable:
    """A foreign file as a temporary table of text columns c0, c1, ... plus _file and _line."""

    file: str
    table: sql.Identifier
    columns: dict[str, int]
    kinds: dict[str, str]

    def column(self, name: str, alias: str, where: str) -> sql.Composable:
        """Return a column, cast where it is a number; raises MappingError where there is none."""
        if name not in self.columns:
            raise MappingError(
                f"{where}: file {self.file!r} has no column {name!r}"
                f"{suggestion(name, self.columns)}; it has {', '.join(self.columns)}.",
                HINT,
            )
        reference = sql.Identifier(alias, f"c{self.columns[name]}")
        if self.kinds.get(name) == "number":
            return sql.SQL("cast({} as numeric)").format(reference)
        return reference

    def match_key(self, name: str, alias: str, where: str) -> sql.Composable:
        """Return a column as index_statement() indexes it: text, never null."""
        return sql.SQL("coalesce(cast({} as text), '')").format(self.column(name, alias, where))

    def index_statement(self, names: tuple[str, ...]) -> sql.Composable:
        """Return the statement that creates the index for a match on these columns."""
        keys = [
            sql.SQL("({})").format(self.match_key(name, self.table.string, "")) for name in names
        ]
        index = "_".join([self.table.string, *(str(self.columns[name]) for name in names)])
        return sql.SQL("create index if not exists {} on {} ({})").format(
            sql.Identifier(index), self.table, sql.SQL(", ").join(keys)
        )


@dataclass(frozen=True, slots=True)
class Scope:
    """The rows an expression is about: those of one source table, alone or in groups."""

    sources: dict[str, SourceTable]
    file: str
    is_grouped: bool = False
    alias: str = "s"
    # Files and columns that lookups match, which deserve an index.
    matched: set[tuple[str, tuple[str, ...]]] = field(default_factory=set)
    # Optional files that this export does not have: they hold no rows.
    absent: frozenset[str] = frozenset()

    @property
    def source(self) -> SourceTable:
        """The table that the expression's columns belong to."""
        return self.sources[self.file]

    def single(self) -> Scope:
        """Return the scope of one row within a group."""
        return replace(self, is_grouped=False)

    def table(self, file: str, where: str) -> SourceTable:
        """Return the table of another file; raises MappingError where it was not found."""
        if file not in self.sources:
            raise MappingError(
                f"{where}: file {file!r} is not there.",
                "Put it beside the others, or load the whole folder instead of one file.",
            )
        return self.sources[file]
