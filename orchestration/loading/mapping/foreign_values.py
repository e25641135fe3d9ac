"""Days, times and numbers as foreign files write them, made canonical.

Put here the reading of one foreign value. Do not put here reading of files (foreign_tables.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from orchestration.loading.mapping.model import Formats
from orchestration.loading.values import RefusedValueError

_PLAIN_NUMBER = re.compile(r"^-?(?:\d+\.?\d*|\.\d+)$")


def reader_of(kind: str, formats: Formats) -> Callable[[str], str]:
    """Return the function that makes a column kind's texts canonical or raises RefusedValueError.

    date becomes YYYY-MM-DD, time HH:MM:SS, datetime both, number a decimal with a point.
    """
    if kind == "number":
        return lambda text: _read_number(text, formats)
    if kind == "date":
        return lambda text: _read_moment(text, formats.date, "a date", "%Y-%m-%d")
    if kind == "time":
        return lambda text: _read_moment(text, formats.time, "a time", "%H:%M:%S")
    return lambda text: _read_moment(text, formats.datetime, "a date and time", "%Y-%m-%d %H:%M:%S")


def _read_moment(text: str, formats: tuple[str, ...], what: str, canonical: str) -> str:
    for pattern in formats:
        try:
            moment = datetime.strptime(text.strip(), pattern)
        except ValueError:
            continue
        return moment.strftime(canonical.replace("%Y", f"{moment.year:04d}"))
    raise RefusedValueError(f"{text!r} is not {what} written as {' or '.join(formats)}")


def _read_number(text: str, formats: Formats) -> str:
    plain = text.strip().replace("\N{NO-BREAK SPACE}", " ")
    if formats.thousands:
        plain = plain.replace(formats.thousands, "")
    if formats.decimal != ".":
        # A point that is not the mark would be read as one.
        plain = plain.replace(".", "?").replace(formats.decimal, ".")
    if not _PLAIN_NUMBER.match(plain):
        marks = f"the decimal mark {formats.decimal!r}"
        if formats.thousands:
            marks += f" and the thousands mark {formats.thousands!r}"
        raise RefusedValueError(f"{text!r} is not a number written with {marks}")
    return plain
