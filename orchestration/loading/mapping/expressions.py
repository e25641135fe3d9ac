"""The values that a mapping can make from a foreign row, and their SQL.

Put here one class for each word of the vocabulary. Do not put here conditions (conditions.py) or
the reading of YAML (reading.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from psycopg2 import sql

from orchestration.loading.mapping.scope import Scope


class Expression(Protocol):
    """A value of a row: text, or a number where `is_number`."""

    @property
    def is_number(self) -> bool:
        """Whether the SQL is of type numeric instead of text."""

    def columns(self) -> tuple[str, ...]:
        """Return the foreign columns that the value comes from, for messages."""

    def compile(self, scope: Scope) -> sql.Composable:
        """Return the SQL for a row of the scope, or for a group of rows."""


class Test(Protocol):
    """A condition, as far as expressions need to know it."""

    def columns(self) -> tuple[str, ...]:
        """Return the foreign columns that it looks at."""

    def compile(self, scope: Scope) -> sql.Composable:
        """Return the SQL of a Boolean."""


def as_text(expression: Expression, scope: Scope) -> sql.Composable:
    """Return the SQL of an expression as text."""
    compiled = expression.compile(scope)
    return sql.SQL("cast({} as text)").format(compiled) if expression.is_number else compiled


def columns_of(parts: Sequence[Expression | Test]) -> tuple[str, ...]:
    """Return the columns of several parts, each once."""
    return tuple(dict.fromkeys(name for part in parts for name in part.columns()))


@dataclass(frozen=True, slots=True)
class Match:
    """Which rows `t` of another file belong to a row: those with equal values."""

    file: str
    values: dict[str, Expression]
    # Whether an empty value equals an empty one; else it equals nothing.
    empty_equals_empty: bool
    where: str

    def columns(self) -> tuple[str, ...]:
        """Return the foreign columns that it comes from."""
        return columns_of(tuple(self.values.values()))

    def is_absent(self, scope: Scope) -> bool:
        """Whether the other file is optional and not there, so that nothing matches."""
        return self.file in scope.absent

    def compile(self, scope: Scope) -> sql.Composable:
        """Return `from ... where ...`, in a form that the index of scope.matched serves."""
        source = scope.table(self.file, self.where)
        scope.matched.add((self.file, tuple(self.values)))
        form = "{} = coalesce({}, '')" if self.empty_equals_empty else "{} = {}"
        conditions = [
            sql.SQL(form).format(source.match_key(name, "t", self.where), as_text(value, scope))
            for name, value in self.values.items()
        ]
        return sql.SQL("from {} as t where {}").format(
            source.table, sql.SQL(" and ").join(conditions)
        )


def first_of_group(value: sql.Composable, scope: Scope) -> sql.Composable:
    """Return a row's value as is, or a group's first that is not empty, in the file's order."""
    if not scope.is_grouped:
        return value
    return sql.SQL(
        "(array_agg({v} order by s._file, s._line) filter (where {v} is not null))[1]"
    ).format(v=value)


@dataclass(frozen=True, slots=True)
class ColumnValue:
    """The value of a foreign column."""

    name: str
    where: str
    is_number: bool = False

    def columns(self) -> tuple[str, ...]:
        """Return the foreign columns that it comes from."""
        return (self.name,)

    def compile(self, scope: Scope) -> sql.Composable:
        """Return its SQL."""
        return first_of_group(scope.source.column(self.name, scope.alias, self.where), scope)


@dataclass(frozen=True, slots=True)
class Constant:
    """The same value for every row."""

    value: str
    is_number: bool = False

    def columns(self) -> tuple[str, ...]:
        """Return the foreign columns that it comes from."""
        return ()

    def compile(self, scope: Scope) -> sql.Composable:
        """Return its SQL."""
        kind = sql.SQL("numeric" if self.is_number else "text")
        return sql.SQL("cast({} as {})").format(sql.Literal(self.value), kind)


@dataclass(frozen=True, slots=True)
class Template:
    """Text with columns in braces; empty where one of them is."""

    template: str
    where: str
    is_number: bool = False

    def columns(self) -> tuple[str, ...]:
        """Return the foreign columns that it comes from."""
        return tuple(dict.fromkeys(re.findall(r"\{([^{}]+)\}", self.template)))

    def compile(self, scope: Scope) -> sql.Composable:
        """Return its SQL."""
        parts: list[sql.Composable] = []
        for index, part in enumerate(re.split(r"\{([^{}]+)\}", self.template)):
            if index % 2:
                column = scope.source.column(part, scope.alias, self.where)
                parts.append(sql.SQL("cast({} as text)").format(column))
            elif part:
                parts.append(sql.Literal(part))
        return first_of_group(sql.SQL("({})").format(sql.SQL(" || ").join(parts)), scope)


@dataclass(frozen=True, slots=True)
class FirstOf:
    """The first of several values that is not empty."""

    parts: tuple[Expression, ...]

    @property
    def is_number(self) -> bool:
        """Whether it is a number."""
        return all(part.is_number for part in self.parts)

    def columns(self) -> tuple[str, ...]:
        """Return the foreign columns that it comes from."""
        return columns_of(self.parts)

    def compile(self, scope: Scope) -> sql.Composable:
        """Return its SQL."""
        parts = [p.compile(scope) if self.is_number else as_text(p, scope) for p in self.parts]
        return sql.SQL("coalesce({})").format(sql.SQL(", ").join(parts))


@dataclass(frozen=True, slots=True)
class ValueMap:
    """A value translated by a table; a value that it lacks becomes `otherwise`, or stays."""

    value: Expression
    values: dict[str, str]
    otherwise: Expression | None
    is_number: bool = False

    def columns(self) -> tuple[str, ...]:
        """Return the foreign columns that it comes from."""
        return self.value.columns()

    def compile(self, scope: Scope) -> sql.Composable:
        """Return its SQL."""
        value = as_text(self.value, scope)
        branches = [
            sql.SQL("when {} then {}").format(sql.Literal(old), sql.Literal(new))
            for old, new in self.values.items()
        ]
        rest = as_text(self.otherwise, scope) if self.otherwise else value
        return sql.SQL("case {} {} else {} end").format(value, sql.SQL(" ").join(branches), rest)


@dataclass(frozen=True, slots=True)
class Lookup:
    """A column of the first row of another file that matches; empty where none does."""

    match: Match
    take: str
    is_number: bool = False

    def columns(self) -> tuple[str, ...]:
        """Return the foreign columns that it comes from."""
        return self.match.columns()

    def compile(self, scope: Scope) -> sql.Composable:
        """Return its SQL."""
        if self.match.is_absent(scope):
            return sql.SQL("cast(null as text)")
        taken = scope.table(self.match.file, self.match.where)
        return sql.SQL("(select cast({} as text) {} order by t._file, t._line limit 1)").format(
            taken.column(self.take, "t", self.match.where), self.match.compile(scope)
        )


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """sum, negate or absolute of numbers; an empty part of a sum counts nothing."""

    operator: str
    parts: tuple[Expression, ...]
    is_number: bool = True

    def columns(self) -> tuple[str, ...]:
        """Return the foreign columns that it comes from."""
        return columns_of(self.parts)

    def compile(self, scope: Scope) -> sql.Composable:
        """Return its SQL."""
        parts = [part.compile(scope) for part in self.parts]
        if self.operator == "negate":
            return sql.SQL("(- {})").format(parts[0])
        if self.operator == "absolute":
            return sql.SQL("abs({})").format(parts[0])
        total = [sql.SQL("coalesce({}, 0)").format(part) for part in parts]
        return sql.SQL("case when num_nonnulls({}) > 0 then {} end").format(
            sql.SQL(", ").join(parts), sql.SQL(" + ").join(total)
        )
