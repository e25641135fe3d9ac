"""Instants that a person types."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from orchestration.refresh.moments import InvalidMomentError, parse_moment


@pytest.mark.parametrize(
    "text",
    ["2026-03-01T12:00:00Z", "2026-03-01T12:00Z", "2026-03-01T07:00:00-05:00", " 20260301T12Z "],
)
def test_an_instant_with_an_offset_is_read_as_utc(text: str) -> None:
    assert parse_moment(text) == datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-03-01T12:00:00", "2026-03-01"])
def test_an_instant_without_an_offset_is_refused_with_a_hint(text: str) -> None:
    with pytest.raises(InvalidMomentError, match="no time zone") as caught:
        parse_moment(text)
    assert "2026-03-01T12:00:00Z" in caught.value.hint


@pytest.mark.parametrize("text", ["", "yesterday", "2026-02-30T00:00:00Z"])
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(InvalidMomentError, match="is no date and time"):
        parse_moment(text)
