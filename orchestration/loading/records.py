"""Where the records of a CSV text begin and end, and on which physical line each begins.

Put here the finding of record boundaries. Do not put here the parsing of fields, which pyarrow
does; both follow the same rule: a quote opens a field only as its first character.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Positions = npt.NDArray[np.int64]

QUOTE = 0x22
LINE_FEED = 0x0A
CARRIAGE_RETURN = 0x0D


@dataclass(frozen=True, slots=True)
class Records:
    """The complete records at the head of a text; blank lines are no records."""

    starts: Positions
    ends: Positions
    # Line of each record, counted from 0 at the head of the text.
    lines: Positions
    # Bytes and lines that the records and blank lines take up; the rest is an incomplete record.
    consumed: int
    line_count: int
    # Where a quote was opened that the text never closes, or -1.
    open_quote: int = -1


def split_records(data: bytes, delimiter: int, at_end: bool) -> Records:
    """Return the complete records of a text that begins with a record.

    At the end of the file a last record needs no line end, unless it is inside an open quote.
    """
    breaks = _line_breaks(data, at_end)
    record_ends, open_quote = breaks, -1
    if QUOTE in data:
        record_ends, open_quote = _breaks_outside_quotes(data, delimiter, breaks)
    consumed = int(record_ends[-1]) + 1 if record_ends.size else 0
    starts = np.concatenate(([0], record_ends[:-1] + 1)) if record_ends.size else record_ends
    ends = record_ends
    if at_end and open_quote < 0 and consumed < len(data):
        starts, ends = np.append(starts, consumed), np.append(ends, len(data))
        consumed = len(data)
    ends = _without_carriage_return(data, starts, ends)
    filled = ends > starts
    return Records(
        starts=starts[filled],
        ends=ends[filled],
        lines=np.searchsorted(breaks, starts[filled]),
        consumed=consumed,
        line_count=int(np.searchsorted(breaks, consumed)),
        open_quote=open_quote,
    )


def _line_breaks(data: bytes, at_end: bool) -> Positions:
    buffer = np.frombuffer(data, np.uint8)
    feeds = np.flatnonzero(buffer == LINE_FEED)
    if data.count(b"\r") == data.count(b"\r\n"):
        return feeds
    # A carriage return alone ends a line too; the last byte may yet be followed by a line feed.
    returns = np.flatnonzero(buffer == CARRIAGE_RETURN)
    following = np.append(buffer[1:], LINE_FEED if not at_end else 0)
    return np.sort(np.concatenate((feeds, returns[following[returns] != LINE_FEED])))


def _without_carriage_return(data: bytes, starts: Positions, ends: Positions) -> Positions:
    if not ends.size or b"\r" not in data:
        return ends
    buffer = np.frombuffer(data, np.uint8)
    return ends - ((ends > starts) & (buffer[ends - 1] == CARRIAGE_RETURN))


def _breaks_outside_quotes(data: bytes, delimiter: int, breaks: Positions) -> tuple[Positions, int]:
    """Return the line breaks that end records, and where a quote stays open (or -1)."""
    buffer = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(buffer == QUOTE)
    if not _quotes_only_enclose(buffer, quotes, delimiter):
        return _walk(data, delimiter)
    outside = np.searchsorted(quotes, breaks) % 2 == 0
    return breaks[outside], int(quotes[-1]) if quotes.size % 2 else -1


def _quotes_only_enclose(buffer: npt.NDArray[np.uint8], quotes: Positions, delimiter: int) -> bool:
    """Whether every odd quote opens a field and every even one closes it or is doubled."""
    edges = (delimiter, LINE_FEED, CARRIAGE_RETURN)
    opening, closing = quotes[0::2], quotes[1::2]
    doubled = np.zeros(opening.size, bool)
    doubled[1:] = opening[1:] == closing[: opening.size - 1] + 1
    opens = np.isin(buffer[opening - 1], edges) | (opening == 0) | doubled
    last = buffer.size - 1
    closes = np.isin(buffer[np.minimum(closing + 1, last)], (*edges, QUOTE)) | (closing == last)
    return bool(opens.all() and closes.all())


def _walk(data: bytes, delimiter: int) -> tuple[Positions, int]:
    """Find record ends character by character, for texts with quotes inside unquoted fields."""
    special = re.compile(b'["\r\n' + re.escape(bytes([delimiter])) + b"]")
    ends: list[int] = []
    field_start, open_quote, skip = 0, -1, -1
    for match in special.finditer(data):
        at, byte = match.start(), data[match.start()]
        following = data[at + 1] if at + 1 < len(data) else None
        if at == skip:
            continue
        if open_quote >= 0:
            if byte == QUOTE and following == QUOTE:
                skip = at + 1
            elif byte == QUOTE:
                open_quote = -1
        elif byte == QUOTE:
            open_quote = at if at == field_start else -1
        elif byte == delimiter:
            field_start = at + 1
        elif byte == LINE_FEED or (following is not None and following != LINE_FEED):
            ends.append(at)
            field_start = at + 1
    return np.array(ends, np.int64), open_quote
