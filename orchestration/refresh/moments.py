"""Instants that a person types.

Put here parsing of one instant. Do not put here time zones of locations; dbt's macros know those.
"""

from __future__ import annotations

from datetime import UTC, datetime

from orchestration.errors import ChairsideError

_HINT = "Write it as 2026-03-01T12:00:00Z or 2026-03-01T07:00:00-05:00."


class InvalidMomentError(ChairsideError):
    """A text names no instant, or not one instant only."""


def parse_moment(text: str) -> datetime:
    """Return the instant of an ISO 8601 text with an offset, in UTC.

    Raises InvalidMomentError when it is no instant, or has no offset and so could be many.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise InvalidMomentError(f"{text!r} is no date and time.", _HINT) from None
    if moment.tzinfo is None:
        raise InvalidMomentError(
            f"{text!r} has no time zone: it is another instant in every place.", _HINT
        )
    return moment.astimezone(UTC)
