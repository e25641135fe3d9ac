"""Text that a spreadsheet would run is made harmless, and nothing else is touched."""

from __future__ import annotations

import pytest

from orchestration.exporting.cells import defuse


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        '=HYPERLINK("http://example.com")',
        "+49 30 1234",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1+1",
        "\u00a0=1",
        "\uff1d1+1",
        "\0=1",
        "=\0",
    ],
)
def test_a_cell_that_begins_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert defuse(text).startswith("'")
    assert "\0" not in defuse(text)


@pytest.mark.parametrize(
    ("text", "harmless"),
    [
        ("Ann;=1+1", "Ann;'=1+1"),
        ("Ann\n=1+1", "Ann\n'=1+1"),
        ("Ann\r\n@x", "Ann\r\n'@x"),
        ("Ann\t +1", "Ann\t '+1"),
    ],
)
def test_a_formula_after_a_place_where_excel_may_cut_is_defused(text: str, harmless: str) -> None:
    assert defuse(text) == harmless


@pytest.mark.parametrize(
    "text",
    ["", "Ann", "Ann-Marie", "a=b", "3 + 4", "ann@example.com", "'quoted'", "Zoë 💇"],
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert defuse(text) == text
