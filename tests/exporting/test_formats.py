"""CSV, XLSX and Parquet hold the same rows, with types, and read back as they were."""

from __future__ import annotations

import gc
import io
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from psycopg2 import sql

from orchestration.errors import ChairsideError
from orchestration.exporting.columns import ColumnType, ExportColumn
from orchestration.exporting.workbook import LONGEST_CELL, WorkbookWriter
from orchestration.exporting.writers import (
    CsvWriter,
    ExportFormat,
    ParquetWriter,
    WriteOptions,
    open_writer,
)

if TYPE_CHECKING:
    from tests.exporting.conftest import Salon

FORMULA = '=cmd|" /C calc"!A0'
FULL_DISK = Path("/dev/full")
AWKWARD = 'O\'Neil, "Bo"\r\nof Zoë 💇'
VISIT = datetime(2026, 2, 14, 18, 30, tzinfo=UTC)


def sheet_rows(path: Path, sheet: str = "Clients") -> list[dict[str, Any]]:
    header, *rows = openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_injected_formulas_are_text_in_csv_and_xlsx_and_unaltered_in_parquet(salon: Salon) -> None:
    salon.add("c1", name=FORMULA, phone="+49 30 1234567")
    result = salon.export()["sms"]
    [row] = salon.rows(result)
    assert (row["name"], row["phone"]) == (f"'{FORMULA}", "'+49 30 1234567")
    sheet = openpyxl.load_workbook(salon.path(result, "xlsx"))["Clients"]
    assert [sheet["B2"].data_type, sheet["B2"].value] == ["s", f"'{FORMULA}"]
    [row] = pq.read_table(salon.path(result, "parquet")).to_pylist()
    assert (row["name"], row["phone"]) == (FORMULA, "+49 30 1234567")


def test_programs_can_ask_for_text_as_it_is(salon: Salon) -> None:
    salon.add("c1", name=FORMULA, phone="+49 30 1234567")
    result = salon.export(options=WriteOptions(defuse_formulas=False))["sms"]
    [row] = salon.rows(result)
    assert (row["name"], row["phone"]) == (FORMULA, "+49 30 1234567")
    sheet = openpyxl.load_workbook(salon.path(result, "xlsx"))["Clients"]
    # Even so a cell of a workbook is never a formula.
    assert [sheet["B2"].data_type, sheet["B2"].value] == ["s", FORMULA]
    assert salon.manifest(result).formulas_defused is False


def test_csv_quotes_what_needs_it_and_nothing_else(salon: Salon) -> None:
    salon.add("c1", name=AWKWARD, visits=0, last_visit_at=VISIT, net_12m_minor=-1250)
    raw = salon.path(salon.export(formats=["csv"])["email"], "csv").read_bytes()
    header, row = raw.split(b"\r\n", 1)
    assert header.startswith(b"customer_id,name,email,is_primary,visits,")
    assert row.decode() == (
        'c1,"O\'Neil, ""Bo""\r\nof Zoë 💇",c1@example.com,false,0,2026-02-14T18:30:00Z,,'
        "-12.50,,CAD,\r\n"
    )


def test_the_header_is_there_without_any_rows(salon: Salon) -> None:
    salon.add("c1", segment=None)
    result = salon.export()["email"]
    assert salon.path(result, "csv").read_bytes().count(b"\r\n") == 1
    assert sheet_rows(salon.path(result, "xlsx")) == []
    table = pq.read_table(salon.path(result, "parquet"))
    assert table.num_rows == 0
    assert table.column_names[:2] == ["customer_id", "name"]


def test_a_byte_order_mark_is_written_on_demand_only(salon: Salon) -> None:
    salon.add("c1", name="Zoë")
    plain = salon.path(salon.export(formats=["csv"])["email"], "csv").read_bytes()
    options = WriteOptions(byte_order_mark=True)
    marked = salon.path(salon.export(formats=["csv"], options=options)["email"], "csv").read_bytes()
    assert marked == b"\xef\xbb\xbf" + plain


def test_all_formats_read_back_equal(salon: Salon) -> None:
    salon.add("c1", name=AWKWARD, visits=12, last_visit_at=VISIT, net_12m_minor=123456)
    salon.add("c2", name=None, visits=0, net_12m_minor=0)
    result = salon.export()["email"]
    parquet = pq.read_table(salon.path(result, "parquet")).to_pylist()
    workbook = sheet_rows(salon.path(result, "xlsx"))
    assert [row["net_12m"] for row in parquet] == [Decimal("1234.5600"), Decimal("0.0000")]
    for typed, cell in zip(parquet, workbook, strict=True):
        if typed["last_visit_at"]:
            typed["last_visit_at"] = typed["last_visit_at"].replace(tzinfo=None)
        for name in ("net_12m", "net_lifetime"):
            typed[name] = None if typed[name] is None else float(typed[name])
        # XML knows one line break only.
        typed["name"] = typed["name"] and typed["name"].replace("\r\n", "\n")
        cell["name"] = cell["name"] and cell["name"].replace("_x000D_", "").replace("\r\n", "\n")
        assert typed == cell


def test_money_has_the_decimals_of_its_currency(salon: Salon) -> None:
    salon.add("dollars", net_12m_minor=1200, currency="CAD")
    salon.add("yen", net_12m_minor=1200, currency="JPY")
    salon.add("dinars", net_12m_minor=1200, currency="KWD")
    salon.add("huge", net_12m_minor=9223372036854775807, currency="CAD")
    result = salon.export()["email"]
    amounts = {row["customer_id"]: row["net_12m"] for row in salon.rows(result)}
    expected = {
        "dollars": "12.00",
        "yen": "1200",
        "dinars": "1.200",
        "huge": "92233720368547758.07",
    }
    assert amounts == expected
    parquet = pq.read_table(salon.path(result, "parquet")).to_pylist()
    assert {row["customer_id"]: row["net_12m"] for row in parquet} == {
        name: Decimal(text) for name, text in expected.items()
    }
    cells = {row["customer_id"]: row["net_12m"] for row in sheet_rows(salon.path(result, "xlsx"))}
    assert cells == {"dollars": 12, "yen": 1200, "dinars": 1.2, "huge": expected["huge"]}


def test_money_of_an_unknown_currency_is_refused_by_name(salon: Salon) -> None:
    salon.add("c1", currency="XYZ")
    with pytest.raises(ChairsideError, match="XYZ"):
        salon.export()


def test_zero_and_false_are_kept_and_only_null_is_empty(salon: Salon) -> None:
    salon.add("c1", "discount_lovers", discounted_tickets=0, effective_discount_rate=Decimal(0))
    [row] = salon.rows(salon.export("segment_discount_lovers")["email"])
    assert row["is_primary"] == "false"
    assert row["discounted_tickets"] == "0"
    assert row["effective_discount_rate"] == "0.000000"
    assert row["tickets"] == ""


def test_the_workbook_says_what_it_is(salon: Salon) -> None:
    salon.add("c1")
    salon.add("c2", email_consent=None)
    result = salon.export()["email"]
    about = openpyxl.load_workbook(salon.path(result, "xlsx"))["About"]
    facts = dict(about.iter_rows(values_only=True))
    assert facts["Rows"] == "1"
    assert facts["As of"] == "2026-03-01T12:00:00Z"
    assert facts["Withheld"] == "consent_never_asked 1"
    assert facts["Definition version"] == result.definition_version
    assert "min_baseline_value JPY 300000 major" in facts["Thresholds"]


COLUMNS = [
    ExportColumn("name", ColumnType.TEXT, sql.SQL("name")),
    ExportColumn("first_visit", ColumnType.TIMESTAMP, sql.SQL("first_visit")),
    ExportColumn("born", ColumnType.DATE, sql.SQL("born")),
]


def write_workbook(folder: Path, rows: Sequence[Sequence[Any]], sheet_rows: int) -> Any:
    file = io.BytesIO()
    writer = WorkbookWriter(file, COLUMNS, WriteOptions(), folder, sheet_rows)
    writer.write(rows)
    writer.close({})
    return openpyxl.load_workbook(file)


def test_rows_beyond_a_full_sheet_go_on_the_next_one(tmp_path: Path) -> None:
    book = write_workbook(tmp_path, [(f"client {n}", None, None) for n in range(5)], sheet_rows=2)
    assert book.sheetnames == ["Clients", "Clients 2", "Clients 3", "About"]
    sheets = [list(book[name].values) for name in book.sheetnames[:3]]
    assert [len(rows) for rows in sheets] == [3, 3, 2]
    assert {rows[0] for rows in sheets} == {("name", "first_visit", "born")}


def test_what_a_cell_cannot_hold_is_shortened_or_written_as_text(tmp_path: Path) -> None:
    old = datetime(1899, 12, 31, tzinfo=UTC)
    book = write_workbook(tmp_path, [("x" * 40_000, old, old.date())], sheet_rows=10)
    cell, instant, day = list(book["Clients"].values)[1]
    assert len(cell) == LONGEST_CELL
    assert cell.endswith("…")
    assert (instant, day) == ("1899-12-31T00:00:00Z", "1899-12-31")


def test_days_are_typed_cells(tmp_path: Path) -> None:
    book = write_workbook(tmp_path, [("a", None, date(2000, 2, 29))], sheet_rows=10)
    assert book["Clients"]["C2"].value == datetime(2000, 2, 29)
    file = io.BytesIO()
    writer = ParquetWriter(file, COLUMNS)
    writer.write([("a", VISIT, date(2000, 2, 29))])
    writer.close({"As of": "today"})
    [row] = pq.read_table(file).to_pylist()
    assert row == {"name": "a", "first_visit": VISIT, "born": date(2000, 2, 29)}
    file = io.BytesIO()
    text = CsvWriter(file, COLUMNS, WriteOptions())
    text.write([("a", VISIT, date(2000, 2, 29))])
    text.close({})
    assert file.getvalue() == b"name,first_visit,born\r\na,2026-02-14T18:30:00Z,2000-02-29\r\n"


def test_a_workbook_leaves_no_temporary_files_behind(salon: Salon) -> None:
    salon.add("c1")
    result = salon.export()["email"]
    run = salon.path(result, "xlsx").parent
    names = {file.path.split("/")[1] for file in salon.manifest(result).files}
    assert {path.name for path in run.iterdir()} == names | {".manifest.json"}


@pytest.mark.skipif(not FULL_DISK.exists(), reason="only Linux has a disk that is always full")
@pytest.mark.parametrize("fmt", ExportFormat)
def test_a_file_that_could_not_be_written_is_not_complained_of_later(
    fmt: ExportFormat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    complaints: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", complaints.append)

    def write() -> None:
        with (
            FULL_DISK.open("wb") as file,
            open_writer(fmt, file, COLUMNS, WriteOptions(), tmp_path) as writer,
        ):
            writer.write([(f"client {n}", VISIT, date(2000, 2, 29)) for n in range(10_000)])
            writer.close({})

    with pytest.raises(OSError, match="No space left"):
        write()
    gc.collect()
    assert complaints == []


def test_a_file_that_is_given_up_is_not_complained_of_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    complaints: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", complaints.append)

    def give_up() -> None:
        with (
            (tmp_path / "clients.parquet").open("wb") as file,
            open_writer(ExportFormat.PARQUET, file, COLUMNS, WriteOptions(), tmp_path) as writer,
        ):
            writer.write([("a", VISIT, date(2000, 2, 29))])
            raise ConnectionError

    with suppress(ConnectionError):
        give_up()
    gc.collect()
    assert complaints == []
