"""The conditions that a mapping can set, and their SQL.

Put here one class for each kind of condition. Do not put here values (expressions.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from psycopg2 import sql

from orchestration.loading.mapping.expressions import (
    Expression,
    Match,
    columns_of,
)
from orchestration.loading.mapping.scope import Scope


class Condition(Protocol):
    """Something that holds of a row, or of a group of rows, or does not."""

    def columns(self) -> tuple[str, ...]:
        """Return the foreign columns that it looks at."""

    def compile(self, scope: Scope) -> sql.Composable:
        """Return the SQL of a Boolean that is never null."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """A value is one of a list."""

    value: Expression
    accepted: tuple[str, ...]

    def columns(self) -> tuple[str, ...]:
        """Return the foreign columns that it comes from."""
        return self.value.columns()

    def compile(self, scope: Scope) -> sql.Composable:
        """Return its SQL."""
        accepted = sql.SQL(", ").join(sql.Literal(text) for text in self.accepted)
        value = self.value.compile(scope)
        if self.value.is_number:
            accepted = sql.SQL("cast(unnest(array[{}]) as numeric)").format(accepted)
            return sql.SQL("coalesce({} in (select {}), false)").format(value, accepted)
        return sql.SQL("coalesce({} in ({}), false)").format(value, accepted)


@dataclass(frozen=True, slots=True)
class IsEmpty:
    """A value is empty, or is not."""

    value: Expression
    expected: bool

    def columns(self) -> tuple[str, ...]:
        """Return the foreign columns that it comes from."""
        return self.value.columns()

    def compile(self, scope: Scope) -> sql.Composable:
        """Return its SQL."""
        test = sql.SQL("is null" if self.expected else "is not null")
        return sql.SQL("({} {})").format(self.value.compile(scope), test)


@dataclass(frozen=True, slots=True)
class Compared:
    """A number is above or below another."""

    value: Expression
    sign: str
    limit: str

    def columns(self) -> tuple[str, ...]:
        """Return the foreign columns that it comes from."""
        return self.value.columns()

    def compile(self, scope: Scope) -> sql.Composable:
        """Return its SQL."""
        return sql.SQL("coalesce({} {} cast({} as numeric), false)").format(
            self.value.compile(scope), sql.SQL(self.sign), sql.Literal(self.limit)
        )


@dataclass(frozen=True, slots=True)
class FoundIn:
    """Another file has a row that matches."""

    match: Match

    def columns(self) -> tuple[str, ...]:
        """Return the foreign columns that it comes from."""
        return self.match.columns()

    def compile(self, scope: Scope) -> sql.Composable:
        """Return its SQL."""
        if self.match.is_absent(scope):
            return sql.SQL("false")
        return sql.SQL("exists (select {})").format(self.match.compile(scope))


@dataclass(frozen=True, slots=True)
class Combined:
    """All, any or none of several conditions hold."""

    operator: str
    parts: tuple[Condition, ...]

    def columns(self) -> tuple[str, ...]:
        """Return the foreign columns that it comes from."""
        return columns_of(self.parts)

    def compile(self, scope: Scope) -> sql.Composable:
        """Return its SQL."""
        parts = [part.compile(scope) for part in self.parts]
        if self.operator == "not":
            return sql.SQL("(not {})").format(parts[0])
        word = sql.SQL(" and " if self.operator == "all" else " or ")
        return sql.SQL("({})").format(word.join(parts))


@dataclass(frozen=True, slots=True)
class OfGroup:
    """Every row, or some row, of a group meets a condition."""

    operator: str
    part: Condition

    def columns(self) -> tuple[str, ...]:
        """Return the foreign columns that it comes from."""
        return self.part.columns()

    def compile(self, scope: Scope) -> sql.Composable:
        """Return its SQL."""
        function = sql.SQL("bool_and" if self.operator == "every" else "bool_or")
        return sql.SQL("{}({})").format(function, self.part.compile(scope.single()))
