"""Values and conditions of a mapping, read from YAML.

Put here how each word of the vocabulary is written. Do not put here the frame of a mapping file
(reading.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from orchestration.loading.mapping import conditions as test
from orchestration.loading.mapping import expressions as value
from orchestration.loading.mapping import row_sets
from orchestration.loading.mapping.conditions import Condition
from orchestration.loading.mapping.expressions import Expression
from orchestration.loading.mapping.node import Node

_NUMBER = re.compile(r"^-?\d+(\.\d+)?$")


class Parser:
    """Reads the values of one input: knows its file's column kinds and whether it has groups."""

    def __init__(self, kinds: dict[str, str], files: set[str], is_grouped: bool) -> None:
        """`kinds` are the column kinds of the input's file, `files` the names of all files."""
        self._kinds = kinds
        self._files = files
        self._is_grouped = is_grouped
        self._words: dict[str, Callable[[Node], Expression]] = {
            "constant": self._constant,
            "template": lambda node: value.Template(node.child("template").text(), _where(node)),
            "first_of": lambda node: value.FirstOf(self._list(node.child("first_of"))),
            "map": self._map,
            "lookup": self._lookup,
            "when": self._choice,
            "hash": lambda node: row_sets.HashOf(self._list(node.child("hash"))),
            "ordinal_within": self._ordinal,
            "sum": lambda node: value.Arithmetic("sum", self._numbers(node.child("sum"))),
            "negate": self._unary,
            "absolute": self._unary,
            "least": self._aggregate,
            "greatest": self._aggregate,
            "total": self._aggregate,
        }
        self._tests: dict[str, Callable[[Node], Condition]] = {
            "value": self._plain_test,
            "found_in": self._found_in,
            "all": self._combined,
            "any": self._combined,
            "not": self._combined,
            "every": self._of_group,
            "some": self._of_group,
        }

    def expression(self, node: Node) -> Expression:
        """Read a value: the name of a column, or a map with one of the words."""
        if isinstance(node.value, str):
            name = node.text()
            return value.ColumnValue(name, _where(node), self._kinds.get(name) == "number")
        return self._words[self._word(node, list(self._words), "value")](node)

    def condition(self, node: Node) -> Condition:
        """Read a condition: a map with one of the words."""
        return self._tests[self._word(node, list(self._tests), "condition")](node)

    @staticmethod
    def _word(node: Node, words: list[str], what: str) -> str:
        node.items()
        found = [word for word in words if node.has(word)]
        if len(found) != 1:
            node.fail(f"a {what} needs exactly one of {', '.join(words)}")
        return found[0]

    def _list(self, node: Node) -> tuple[Expression, ...]:
        return tuple(self.expression(element) for element in node.elements())

    def _number(self, node: Node) -> Expression:
        expression = self.expression(node)
        if not expression.is_number:
            node.fail("expected a number; declare the column as `number` under the file's columns")
        return expression

    def _numbers(self, node: Node) -> tuple[Expression, ...]:
        return tuple(self._number(element) for element in node.elements())

    def _match(self, node: Node, file: str) -> value.Match:
        values = {name: self.expression(child) for name, child in node.child("match").items()}
        empties = node.has("empty_equals_empty") and node.child("empty_equals_empty").scalar()
        return value.Match(file, values, empties == "true", _where(node))

    def _constant(self, node: Node) -> Expression:
        node.keys(["constant"])
        text = node.child("constant").scalar()
        is_number = isinstance(node.value["constant"], int | float) and text not in (
            "true",
            "false",
        )
        return value.Constant(text, is_number)

    def _map(self, node: Node) -> Expression:
        node.keys(["map", "values"], ["otherwise"])
        values = {key: child.scalar() for key, child in node.child("values").items()}
        rest = self.expression(node.child("otherwise")) if node.has("otherwise") else None
        return value.ValueMap(self.expression(node.child("map")), values, rest)

    def _lookup(self, node: Node) -> Expression:
        node.keys(["lookup", "match", "take"], ["empty_equals_empty"])
        match = self._match(node, node.child("lookup").choice(self._files))
        return value.Lookup(match, node.child("take").text())

    def _choice(self, node: Node) -> Expression:
        node.keys(["when", "then"], ["otherwise"])
        rest = self.expression(node.child("otherwise")) if node.has("otherwise") else None
        condition = self.condition(node.child("when"))
        return row_sets.Choice(condition, self.expression(node.child("then")), rest)

    def _ordinal(self, node: Node) -> Expression:
        if self._is_grouped:
            node.fail("rows have no ordinal in an input with `distinct`")
        return row_sets.OrdinalWithin(self._list(node.child("ordinal_within")))

    def _unary(self, node: Node) -> Expression:
        word = next(iter(node.value))
        node.keys([word])
        return value.Arithmetic(word, (self._number(node.child(word)),))

    def _aggregate(self, node: Node) -> Expression:
        word = next(iter(node.value))
        node.keys([word])
        self._needs_groups(node, word)
        part = self._number if word == "total" else self.expression
        return row_sets.Aggregate(word, part(node.child(word)))

    def _needs_groups(self, node: Node, word: str) -> None:
        if not self._is_grouped:
            node.fail(f"`{word}` looks at a group of rows; this input has no `distinct`")

    def _plain_test(self, node: Node) -> Condition:
        node.keys(["value"], ["in", "equals", "is_empty", "above", "below"])
        comparisons = [key for key in node.value if key != "value"]
        if len(comparisons) != 1:
            node.fail("compare a value with exactly one of in, equals, is_empty, above, below")
        word, child = comparisons[0], node.child(comparisons[0])
        subject = self.expression(node.child("value"))
        if word == "is_empty":
            return test.IsEmpty(subject, child.scalar() == "true")
        if word in ("above", "below"):
            if not subject.is_number or not _NUMBER.match(child.scalar()):
                node.fail(f"`{word}` compares numbers; declare the column as `number`")
            return test.Compared(subject, ">" if word == "above" else "<", child.scalar())
        accepted = [child] if word == "equals" else child.elements()
        return test.OneOf(subject, tuple(element.scalar() for element in accepted))

    def _found_in(self, node: Node) -> Condition:
        node.keys(["found_in", "match"], ["empty_equals_empty"])
        return test.FoundIn(self._match(node, node.child("found_in").choice(self._files)))

    def _combined(self, node: Node) -> Condition:
        word = next(iter(node.value))
        node.keys([word])
        inner = node.child(word)
        parts = [inner] if word == "not" else inner.elements()
        return test.Combined(word, tuple(self.condition(part) for part in parts))

    def _of_group(self, node: Node) -> Condition:
        word = next(iter(node.value))
        node.keys([word])
        self._needs_groups(node, word)
        return test.OfGroup(word, self.condition(node.child(word)))


def _where(node: Node) -> str:
    return f"{node.file_name}, {node.path}"
