"""The values that a mapping makes from several rows or from a choice, and their SQL.

Put here words that look beyond one plain value. Do not put here plain ones (expressions.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from psycopg2 import sql

from orchestration.loading.mapping.expressions import Expression, Test, as_text, columns_of
from orchestration.loading.mapping.scope import Scope

AGGREGATES = {"least": "min", "greatest": "max", "total": "sum"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One value where a condition holds, another where it does not."""

    condition: Test
    then: Expression
    otherwise: Expression | None

    @property
    def is_number(self) -> bool:
        """Whether it is a number."""
        rest = self.otherwise is None or self.otherwise.is_number
        return self.then.is_number and rest

    def columns(self) -> tuple[str, ...]:
        """Return the foreign columns that it comes from."""
        branches = (self.then, self.otherwise) if self.otherwise else (self.then,)
        return columns_of(branches) or self.condition.columns()

    def compile(self, scope: Scope) -> sql.Composable:
        """Return its SQL."""

        def branch(part: Expression) -> sql.Composable:
            return part.compile(scope) if self.is_number else as_text(part, scope)

        rest = branch(self.otherwise) if self.otherwise else sql.SQL("null")
        return sql.SQL("case when {} then {} else {} end").format(
            self.condition.compile(scope), branch(self.then), rest
        )


@dataclass(frozen=True, slots=True)
class HashOf:
    """A short key made of several values, the same for the same values."""

    parts: tuple[Expression, ...]
    is_number: bool = False

    def columns(self) -> tuple[str, ...]:
        """Return the foreign columns that it comes from."""
        return columns_of(self.parts)

    def compile(self, scope: Scope) -> sql.Composable:
        """Return its SQL."""
        # The separator keeps ('ab', 'c') and ('a', 'bc') apart.
        parts = [sql.SQL("coalesce({}, '')").format(as_text(p, scope)) for p in self.parts]
        joined = sql.SQL(" || chr(31) || ").join(parts)
        return sql.SQL("left(md5({}), 20)").format(joined)


@dataclass(frozen=True, slots=True)
class OrdinalWithin:
    """1, 2, 3... over the rows that share these values, in the file's order."""

    parts: tuple[Expression, ...]
    is_number: bool = True

    def columns(self) -> tuple[str, ...]:
        """Return the foreign columns that it comes from."""
        return columns_of(self.parts)

    def compile(self, scope: Scope) -> sql.Composable:
        """Return its SQL."""
        parts = sql.SQL(", ").join(as_text(part, scope) for part in self.parts)
        return sql.SQL("row_number() over (partition by {} order by s._file, s._line)").format(
            parts
        )


@dataclass(frozen=True, slots=True)
class Aggregate:
    """The least, greatest or total value of a group of rows."""

    operator: str
    part: Expression

    @property
    def is_number(self) -> bool:
        """Whether it is a number."""
        return self.part.is_number

    def columns(self) -> tuple[str, ...]:
        """Return the foreign columns that it comes from."""
        return self.part.columns()

    def compile(self, scope: Scope) -> sql.Composable:
        """Return its SQL."""
        function = sql.SQL(AGGREGATES[self.operator])
        return sql.SQL("{}({})").format(function, self.part.compile(scope.single()))
