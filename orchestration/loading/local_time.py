"""Local times to instants: the offset of each, and the two hours a year that need a rule.

Put here the clock arithmetic. Do not put here the choice of a row's time zone (zones.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo


class Nonexistent(StrEnum):
    """What to do with a local time that the clocks skipped in spring."""

    SHIFT_FORWARD = "shift_forward"
    REJECT = "reject"


class Ambiguous(StrEnum):
    """What to do with a local time that the clocks showed twice in autumn."""

    EARLIER = "earlier"
    LATER = "later"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class ClockPolicy:
    """The rules for local times that do not exist or exist twice."""

    nonexistent: Nonexistent = Nonexistent.SHIFT_FORWARD
    ambiguous: Ambiguous = Ambiguous.EARLIER


DEFAULT_POLICY = ClockPolicy()


@dataclass(frozen=True, slots=True)
class Placed:
    """An instant as text with an offset, and what was odd about the local time, if anything."""

    text: str
    warning: str = ""
    error: str = ""


@lru_cache(maxsize=65536)
def constant_offset(day: str, zone: str) -> str | None:
    """Return the offset that holds all through a local day (YYYY-MM-DD), or None if it changes."""
    start = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone))
    before, after = start.utcoffset(), None
    if start.date() < datetime.max.date():
        after = (start.replace(fold=1) + timedelta(days=1)).utcoffset()
    # Some zones turn their clocks at midnight: then the day begins with two offsets.
    if before is None or before != after or before != start.replace(fold=1).utcoffset():
        return None
    return _offset_text(before)


def place(text: str, zone: str, policy: ClockPolicy) -> Placed:
    """Return the instant of a local time (YYYY-MM-DD HH:MM[:SS[.f]]) in a zone."""
    local = datetime.fromisoformat(text)
    first, second = (local.replace(tzinfo=ZoneInfo(zone), fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return Placed(_instant(first))
    exists = first.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local
    if not exists:
        what = f"{text} does not exist in {zone}: the clocks skipped it"
        if policy.nonexistent is Nonexistent.REJECT:
            return Placed("", error=what)
        # The offset before the change moves the time forward by the gap.
        moved = first.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        return Placed(_instant(first), warning=f"{what}; read as {moved}")
    what = f"{text} happened twice in {zone}: the clocks were turned back"
    if policy.ambiguous is Ambiguous.REJECT:
        return Placed("", error=what)
    chosen = first if policy.ambiguous is Ambiguous.EARLIER else second
    return Placed(_instant(chosen), warning=f"{what}; read as the {policy.ambiguous}")


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ") + "Z"


def _offset_text(offset: timedelta) -> str | None:
    seconds = int(offset.total_seconds())
    if seconds % 60:
        # Local mean time, before standard time: rare enough for the slow way.
        return None
    sign, minutes = "-" if seconds < 0 else "+", abs(seconds) // 60
    return f"{sign}{minutes // 60:02d}:{minutes % 60:02d}"
