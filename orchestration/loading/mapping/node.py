"""A place in a mapping file, for messages that name it.

Put here typed access to YAML values. Do not put here what a mapping may say (reading.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from orchestration.errors import ChairsideError
from orchestration.loading.header import suggestion

HINT = "seeds/README.md describes mappings; seeds/mappings/ holds worked examples."


class MappingError(ChairsideError):
    """A mapping file says something that cannot be used."""


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a mapping file with the key path that leads to it."""

    value: Any
    path: str
    file_name: str

    def fail(self, what: str) -> NoReturn:
        """Raise MappingError for this place."""
        where = f", {self.path}" if self.path else ""
        raise MappingError(f"{self.file_name}{where}: {what}.", HINT)

    def child(self, key: str | int) -> Node:
        """Return the value below a key, None where there is none."""
        step = f"[{key}]" if isinstance(key, int) else f".{key}" if self.path else key
        value = self.value[key] if isinstance(key, int) else self.value.get(key)
        return Node(value, self.path + step, self.file_name)

    def keys(self, required: Collection[str] = (), optional: Collection[str] = ()) -> None:
        """Check that this is a map with these keys and no others."""
        self.items()
        known = (*required, *optional)
        for key in self.value:
            if key not in known:
                self.fail(f"{key!r} is not known here{suggestion(str(key), known)}")
        for key in required:
            if key not in self.value:
                self.fail(f"{key!r} is missing")

    def items(self) -> Iterator[tuple[str, Node]]:
        """Return the entries of a map."""
        if not isinstance(self.value, dict):
            self.fail(f"expected a map, not {self.value!r}")
        return ((str(key), self.child(key)) for key in self.value)

    def elements(self) -> list[Node]:
        """Return the elements of a list."""
        if not isinstance(self.value, list):
            self.fail(f"expected a list, not {self.value!r}")
        return [self.child(index) for index in range(len(self.value))]

    def text(self) -> str:
        """Return a text."""
        if not isinstance(self.value, str) or not self.value:
            self.fail(f"expected a text, not {self.value!r}")
        return self.value

    def choice(self, known: Collection[str]) -> str:
        """Return a text that is one of the known ones."""
        text = self.text()
        if text not in known:
            self.fail(f"{text!r} is not one of {', '.join(known)}{suggestion(text, known)}")
        return text

    def scalar(self) -> str:
        """Return a text, number, boolean or day as text."""
        if isinstance(self.value, bool):
            return str(self.value).lower()
        if self.value is None or isinstance(self.value, dict | list):
            self.fail(f"expected a single value, not {self.value!r}")
        return str(self.value)

    def has(self, key: str) -> bool:
        """Whether this is a map with the key."""
        return isinstance(self.value, dict) and key in self.value
