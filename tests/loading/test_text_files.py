"""Encodings, compression, quoting and line ends of CSV files, and the lines that rejects name."""

from __future__ import annotations

import csv
import gzip
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.loading.csv_reader import CsvFormat, CsvReader
from orchestration.loading.records import split_records

CUSTOMERS = "organization_id,customer_id,first_name\nsalon,z,Zoë 靖\n"
NAME = "select first_name from raw_native.customers where customer_id = 'z'"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16"], ids=["plain", "with a mark", "UTF-16"]
)
def test_unicode_is_read_with_and_without_a_mark(salon, encoding: str) -> None:
    salon.write("customers.csv", CUSTOMERS.encode(encoding))
    salon.load()
    assert salon.column(NAME) == ["Zoë 靖"]


def test_a_compressed_file_is_unpacked(salon) -> None:
    salon.write("customers.csv.gz", gzip.compress(CUSTOMERS.encode()))
    salon.load()
    assert salon.column(NAME) == ["Zoë 靖"]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_line_numbers_hold_beside_quoted_lines_and_blank_ones(salon, line_end: str) -> None:
    text = (
        "organization_id,customer_id,first_name,birthday\n"
        'salon,a,"two\nlines",\n'
        "\n"
        'salon,b,"a ""quote"" and a\nline",1990-01-01\n'
        "salon,c,C,never\n"
    )
    salon.write("customers.csv", text.replace("\n", line_end))
    report = salon.load()
    names = salon.column(
        "select first_name from raw_native.customers where customer_id in ('a', 'b') order by 1"
    )
    assert names == [f'a "quote" and a{line_end}line', f"two{line_end}lines"]
    assert salon.rejects(report.load_id)[0][2] == 7
    assert salon.column(
        "select _source_line from raw_native.customers where customer_id = 'b'"
    ) == [5]


def test_a_row_found_in_the_database_is_shown_as_it_was_written(salon) -> None:
    salon.write(
        "customers.csv",
        'organization_id,customer_id,first_name\nsalon,x,"a\nb"\nsalon,y,"c\nd"\nsalon,y,e\n',
    )
    report = salon.load()
    assert salon.rejects(report.load_id)[0][2:] == (
        4,
        "customer_id",
        "has the same key as line 6, of the same version, and says something else; the last one"
        " was kept",
        'salon,y,"c\nd"',
    )


def test_quotes_inside_an_unquoted_field_are_text(salon) -> None:
    salon.write("customers.csv", 'organization_id,customer_id,first_name\nsalon,z,5" Nail\n')
    salon.load()
    assert salon.column(NAME) == ['5" Nail']


def test_a_nul_character_is_refused_and_shown(salon) -> None:
    salon.write("customers.csv", b"organization_id,customer_id,first_name\nsalon,z,a\0b\n")
    report = salon.load()
    problem = salon.rejects(report.load_id)[0]
    assert problem[3:] == (
        "first_name",
        "holds a NUL character, which no text may",
        "salon,z,a\N{SYMBOL FOR NULL}b",
    )


def test_keys_are_trimmed_and_texts_kept(salon) -> None:
    salon.write("customers.csv", "organization_id,customer_id,first_name\n salon , z ,  Zoe \n")
    salon.load()
    assert salon.column(NAME) == ["  Zoe "]


FIELD = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
# Characters that decide where records end, far more often than chance would have them.
TRICKY = st.text(st.sampled_from('a",\n\r \\\té'), max_size=6)


@given(st.lists(st.tuples(FIELD | TRICKY, FIELD | TRICKY), max_size=12))
def test_any_text_survives_the_way_through_a_file(tmp_path_factory, rows) -> None:
    buffer = io.StringIO()
    csv.writer(buffer, quoting=csv.QUOTE_ALL).writerows([("first", "second"), *rows])
    path = tmp_path_factory.mktemp("csv") / "any.csv"
    path.write_bytes(buffer.getvalue().encode())
    read = []
    for batch in CsvReader(path).batches():
        assert not batch.broken
        columns = [batch.columns[name].to_pylist() for name in ("first", "second")]
        read += [tuple(value or "" for value in row) for row in zip(*columns, strict=True)]
    assert read == rows


@given(st.text(st.sampled_from('ab",;\n\r'), max_size=40), st.integers(0, 40))
def test_records_are_the_same_however_the_text_is_cut(text: str, cut: int) -> None:
    data = text.encode()
    whole = split_records(data, ord(","), True)
    expected = [data[a:b] for a, b in zip(whole.starts, whole.ends, strict=True)]
    head = split_records(data[:cut], ord(","), False)
    found = [data[a:b] for a, b in zip(head.starts, head.ends, strict=True)]
    rest = data[head.consumed :]
    tail = split_records(rest, ord(","), True)
    found += [rest[a:b] for a, b in zip(tail.starts, tail.ends, strict=True)]
    assert found == expected
    assert np_list(head.lines) + [
        line + head.line_count for line in np_list(tail.lines)
    ] == np_list(whole.lines)


def np_list(values) -> list[int]:
    return [int(value) for value in values]


@given(st.text(st.sampled_from('ab",\n'), min_size=1, max_size=60))
def test_pyarrow_and_the_record_boundaries_agree(tmp_path_factory, text: str) -> None:
    path = tmp_path_factory.mktemp("csv") / "odd.csv"
    path.write_text("x,y\n" + text)
    rows = broken = 0
    for batch in CsvReader(path, CsvFormat()).batches():
        assert all(len(column) == len(batch.lines) for column in batch.columns.values())
        rows, broken = rows + len(batch), broken + len(batch.broken)
    records = split_records(("x,y\n" + text).encode(), ord(","), True)
    if records.open_quote < 0:
        assert rows + broken == len(records.starts) - 1
