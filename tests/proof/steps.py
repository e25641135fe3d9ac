"""What a random history is made of: rows that a source sends, loads, hours.

Put here the vocabulary and how it is written. Do not put here what rows may hold (business.py,
edits.py) or doing anything with them (lanes.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

# The clock of the business that every history begins with: two days before a month ends.
FIRST_AS_OF = datetime(2026, 3, 30, 14, tzinfo=UTC)


@dataclass(frozen=True)
class Put:
    """A row as the source sends it: what stood there before, with some columns changed.

    A row that the source did not have begins with what its entity cannot do without. `outdated`
    sends the row under an older version than the one known, so that it must change nothing.
    """

    entity: str
    key: tuple[str, ...]
    changes: tuple[tuple[str, str], ...]
    outdated: bool = False

    def __repr__(self) -> str:
        parts = [repr(self.entity), *map(repr, self.key)]
        parts += [f"{name}={value!r}" for name, value in self.changes]
        parts += ["outdated=True"] if self.outdated else []
        return f"put({', '.join(parts)})"


def put(entity: str, *key: str, outdated: bool = False, **changes: str) -> Put:
    """Write a Put as a person would."""
    return Put(entity, key, tuple(changes.items()), outdated)


@dataclass(frozen=True)
class Hour:
    """Some loads, one after another, and a refresh at an instant."""

    as_of: datetime
    loads: tuple[tuple[Put, ...], ...]

    def __repr__(self) -> str:
        loads = ", ".join(f"[{', '.join(map(repr, load))}]" for load in self.loads)
        return f"hour({self.as_of:'%Y-%m-%dT%H:%MZ'}{', ' if loads else ''}{loads})"


def hour(as_of: str | timedelta, *loads: Sequence[Put]) -> Hour:
    """Write an Hour; its clock is an instant, or how long after the first one."""
    moment = FIRST_AS_OF + as_of if isinstance(as_of, timedelta) else datetime.fromisoformat(as_of)
    return Hour(moment, tuple(map(tuple, loads)))


History = tuple[Hour, ...]


def clock_of(history: History) -> tuple[tuple[datetime, int], ...]:
    """Return when a history refreshes and how often it loads before: what lanes must share."""
    return tuple((one.as_of, len(one.loads)) for one in history)


def instant(days: float = 0, hours: float = 0) -> str:
    """Return an instant so far from the first clock, as files write it."""
    return f"{FIRST_AS_OF + timedelta(days=days, hours=hours):%Y-%m-%dT%H:%M:%SZ}"


def day(days: int) -> str:
    """Return a day so far from that of the first clock."""
    return f"{FIRST_AS_OF + timedelta(days=days):%Y-%m-%d}"
