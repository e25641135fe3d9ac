"""How a single value of each contract type is read: its canonical text, or why it is refused.

Put here what one value may look like. Do not put here rules between values or rows, nor the choice
of a time zone (local_time.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from zoneinfo import available_timezones

from orchestration.contract.model import ColumnType
from orchestration.loading.currencies import minor_unit_exponents


class RefusedValueError(ValueError):
    """A value that its column's type does not accept; the message says what was expected."""


# Texts that are canonical as they stand; anything else goes through the type's reader.
_DAY = r"(?:[1-9]\d{3}|0[1-9]\d\d|00[1-9]\d|000[1-9])-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d"
_OFFSET = r"(?:Z|[+-](?:0\d|1[0-5])(?::?[0-5]\d)?)"
CANONICAL_PATTERNS = {
    ColumnType.INTEGER: r"^-?\d{1,18}$",
    ColumnType.DECIMAL: r"^-?\d{1,15}(?:\.\d{1,15})?$",
    ColumnType.MONEY: r"^-?\d{1,15}(?:\.\d{1,15})?$",
    ColumnType.DATE: f"^{_DAY}$",
    ColumnType.TIMESTAMP: rf"^{_DAY}[T ]{_CLOCK}(?::[0-5]\d(?:\.\d{{1,6}})?)?{_OFFSET}?$",
}
HAS_OFFSET_PATTERN = f"{_OFFSET}$"

_TIMESTAMP = re.compile(rf"^({_DAY})(?:[T ]({_CLOCK}(?::[0-5]\d)?)(\.\d+)?\s?({_OFFSET})?)?$")
_NUMBER = re.compile(r"^[+-]?(?:\d+\.?\d*|\.\d+)$")
_SPAN = rf"{_CLOCK}-(?:{_CLOCK}|24:00)"
_HOURS = re.compile(rf"^{_SPAN}(?:;{_SPAN})*$")
_TIME = re.compile(rf"^{_CLOCK}(?::[0-5]\d)?$")
_BIRTHDAY = re.compile(r"^(?:(\d{4})-|--)(\d{2})-(\d{2})$")
_TRUE = frozenset({"true", "t", "yes", "y", "1", "1.0"})
_FALSE = frozenset({"false", "f", "no", "n", "0", "0.0"})
# A year in which 29 February exists, for birthdays without one.
_LEAP_YEAR = 2000


def read_text(text: str) -> str:
    """Return any text; Postgres holds every character but NUL."""
    if "\0" in text:
        raise RefusedValueError("holds a NUL character, which no text may")
    return text


def read_integer(text: str) -> str:
    """Return a whole number; 30.0, as spreadsheets write it, is 30."""
    number = _number(text, "a whole number such as 30")
    if number != number.to_integral_value():
        raise RefusedValueError(f"{text!r} is not a whole number")
    return str(int(number))


def read_decimal(text: str) -> str:
    """Return a decimal number with a point."""
    number = _number(text, "a number such as 1234.50, without thousands marks or currency signs")
    return format(number, "f")


def _number(text: str, expected: str) -> Decimal:
    if not _NUMBER.match(text):
        raise RefusedValueError(f"{text!r} is not {expected}")
    number = Decimal(text)
    if abs(number) >= 10**15:
        raise RefusedValueError(f"{text!r} is too large: at most 15 digits before the point")
    return number


def read_boolean(text: str) -> str:
    """Return true or false for the usual spellings."""
    lowered = text.lower()
    if lowered in _TRUE:
        return "true"
    if lowered in _FALSE:
        return "false"
    raise RefusedValueError(f"{text!r} is neither true nor false")


def read_date(text: str) -> str:
    """Return a calendar day YYYY-MM-DD; a time of midnight, as spreadsheets add, is dropped."""
    day, _, rest = text.partition("T" if "T" in text else " ")
    try:
        if (rest and rest.strip("0:.")) or len(day) != 10:
            raise ValueError
        return date.fromisoformat(day).isoformat()
    except ValueError:
        raise RefusedValueError(f"{text!r} is not a date such as 2026-03-31") from None


def read_timestamp(text: str) -> str:
    """Return an ISO 8601 date and time; a date alone is its midnight. The offset may be absent."""
    match = _TIMESTAMP.match(text)
    try:
        if not match:
            raise ValueError
        day, clock, fraction, offset = match.groups()
        moment = datetime.fromisoformat(f"{day}T{clock or '00:00'}{(fraction or '')[:7]}")
        return moment.isoformat(sep=" ") + (offset or "")
    except ValueError:
        raise RefusedValueError(
            f"{text!r} is not a date and time such as 2026-03-31T14:30:00-04:00"
        ) from None


def read_time(text: str) -> str:
    """Return a local clock time HH:MM or HH:MM:SS."""
    if not _TIME.match(text):
        raise RefusedValueError(f"{text!r} is not a time such as 02:00")
    return text


def read_birthday(text: str) -> str:
    """Return YYYY-MM-DD, or 0000-MM-DD where the year is unknown (0000- or --MM-DD)."""
    match = _BIRTHDAY.match(text)
    try:
        if not match:
            raise ValueError
        year, month, day = int(match[1] or 0), int(match[2]), int(match[3])
        date(year or _LEAP_YEAR, month, day)
    except ValueError:
        raise RefusedValueError(
            f"{text!r} is not a birthday such as 1985-04-12, or 0000-04-12 without a year"
        ) from None
    return f"{year:04d}-{month:02d}-{day:02d}"


def read_currency(text: str) -> str:
    """Return an ISO 4217 code in capitals."""
    if text.upper() not in minor_unit_exponents():
        raise RefusedValueError(f"{text!r} is not an ISO 4217 currency code such as CAD")
    return text.upper()


def read_timezone(text: str) -> str:
    """Return a name of the IANA time zone database."""
    if text not in _timezones():
        raise RefusedValueError(f"{text!r} is not an IANA time zone such as America/Toronto")
    return text


@cache
def _timezones() -> frozenset[str]:
    return frozenset(available_timezones())


def read_hours(text: str) -> str:
    """Return opening hours such as 09:00-13:00;14:00-18:00, or closed."""
    compact = text.replace(" ", "").lower()
    if compact != "closed" and not _HOURS.match(compact):
        raise RefusedValueError(f"{text!r} is not opening hours such as 09:00-18:00, or closed")
    return compact


READERS: dict[ColumnType, Callable[[str], str]] = {
    ColumnType.ID: read_text,
    ColumnType.TEXT: read_text,
    ColumnType.INTEGER: read_integer,
    ColumnType.DECIMAL: read_decimal,
    ColumnType.MONEY: read_decimal,
    ColumnType.BOOLEAN: read_boolean,
    ColumnType.DATE: read_date,
    ColumnType.TIMESTAMP: read_timestamp,
    ColumnType.TIME: read_time,
    ColumnType.BIRTHDAY: read_birthday,
    ColumnType.CURRENCY: read_currency,
    ColumnType.TIMEZONE: read_timezone,
    ColumnType.HOURS: read_hours,
}
