"""How single values are written, and that whole columns are read as single values are."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.contract.model import Column, ColumnType
from orchestration.loading.conversion import _convert_column
from orchestration.loading.findings import Findings
from orchestration.loading.values import CANONICAL_PATTERNS, READERS, RefusedValueError

ACCEPTED = [
    (ColumnType.INTEGER, "30", "30"),
    (ColumnType.INTEGER, "30.0", "30"),
    (ColumnType.INTEGER, "+5", "5"),
    (ColumnType.MONEY, ".5", "0.5"),
    (ColumnType.MONEY, "12.3456", "12.3456"),
    (ColumnType.BOOLEAN, "Yes", "true"),
    (ColumnType.BOOLEAN, "0", "false"),
    (ColumnType.DATE, "2026-03-31", "2026-03-31"),
    (ColumnType.DATE, "2026-03-31 00:00:00", "2026-03-31"),
    (ColumnType.TIME, "02:00", "02:00"),
    (ColumnType.BIRTHDAY, "1985-04-12", "1985-04-12"),
    (ColumnType.BIRTHDAY, "0000-04-12", "0000-04-12"),
    (ColumnType.BIRTHDAY, "--04-12", "0000-04-12"),
    (ColumnType.BIRTHDAY, "0000-02-29", "0000-02-29"),
    (ColumnType.BIRTHDAY, "2000-02-29", "2000-02-29"),
    (ColumnType.CURRENCY, "cad", "CAD"),
    (ColumnType.TIMEZONE, "America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
    (ColumnType.HOURS, "09:00-13:00; 14:00-18:00", "09:00-13:00;14:00-18:00"),
    (ColumnType.HOURS, "18:00-02:00", "18:00-02:00"),
    (ColumnType.HOURS, "Closed", "closed"),
    (ColumnType.TIMESTAMP, "2026-03-31", "2026-03-31 00:00:00"),
    (ColumnType.TIMESTAMP, "2026-03-31T14:30Z", "2026-03-31 14:30:00Z"),
    (ColumnType.TIMESTAMP, "2026-03-31T14:30:00.1234567-0400", "2026-03-31 14:30:00.123456-0400"),
]
REFUSED = [
    (ColumnType.INTEGER, "1e3"),
    (ColumnType.INTEGER, "0x1F"),
    (ColumnType.MONEY, "1e3"),
    (ColumnType.MONEY, "$5"),
    (ColumnType.MONEY, "1,50"),
    (ColumnType.MONEY, "NaN"),
    (ColumnType.MONEY, "9" * 16),
    (ColumnType.DATE, "31/03/2026"),
    (ColumnType.DATE, "2026-02-29"),
    (ColumnType.DATE, "0000-01-01"),
    (ColumnType.DATE, "2026-03-31 14:00"),
    (ColumnType.TIME, "24:00"),
    (ColumnType.BIRTHDAY, "1985-02-29"),
    (ColumnType.BIRTHDAY, "04-12"),
    (ColumnType.CURRENCY, "XBT"),
    (ColumnType.TIMEZONE, "EST5"),
    (ColumnType.HOURS, "9-17"),
    (ColumnType.TIMESTAMP, "2026-03-31T25:00Z"),
    (ColumnType.TIMESTAMP, "03/31/2026 2:30 PM"),
]


@pytest.mark.parametrize(("kind", "text", "canonical"), ACCEPTED)
def test_a_value_is_made_canonical(kind: ColumnType, text: str, canonical: str) -> None:
    assert READERS[kind](text) == canonical


@pytest.mark.parametrize(("kind", "text"), REFUSED)
def test_a_value_is_refused_with_its_text(kind: ColumnType, text: str) -> None:
    with pytest.raises(RefusedValueError, match="'"):
        READERS[kind](text)


NEAR_VALUES = st.from_regex(r"-?[0-9]{1,3}(\.[0-9]{0,2})?", fullmatch=True) | st.from_regex(
    r"20[0-9]{2}-[01][0-9]-[0-3][0-9]([T ][0-2][0-9]:[0-6][0-9](:[0-5][0-9])?(Z|[+-]0[0-9]:?00)?)?",
    fullmatch=True,
)


@given(st.lists(NEAR_VALUES, max_size=8), st.sampled_from(sorted(CANONICAL_PATTERNS)))
def test_a_column_at_once_reads_as_value_by_value(texts: list[str], kind: ColumnType) -> None:
    findings = Findings(len(texts))
    column = Column(name="x", type=kind, description="")
    read = _convert_column(pa.array(texts, pa.string()), column, findings).to_pylist()
    for row, text in enumerate(texts):
        try:
            expected = READERS[kind](text)
        except RefusedValueError:
            assert findings.rejected[row]
            continue
        assert not findings.rejected[row]
        # A canonical text is passed on as it stands; read again it gives the same.
        assert READERS[kind](read[row]) == expected
