"""A file that cannot be used fails its whole load, says why, and disturbs nothing."""

from __future__ import annotations

import gzip

import pytest

from orchestration.errors import ChairsideError

CUSTOMERS = "organization_id,customer_id,first_name\n"
STATE = (
    "select (select count(*) from raw_native.customers), (select max(_load_id) from"
    " raw_native.customers), (select count(*) from raw_native.products)"
)


def failure(salon, name: str | None = None, **options) -> ChairsideError:
    """Load what must fail, check that raw is as before and the ledger says so."""
    before = salon.query(STATE)
    with pytest.raises(ChairsideError) as caught:
        salon.load(name, **options)
    assert salon.query(STATE) == before
    status, error, inserted = salon.query(
        "select status, error, rows_inserted from ops.loads order by load_id desc limit 1"
    )[0]
    assert (status, inserted) == ("failed", 0)
    assert error == str(caught.value)
    return caught.value


def test_a_wrong_header_names_the_column_and_a_near_one(salon) -> None:
    salon.write("products.csv", "organization_id,product_id\nsalon,p\n")
    salon.write("customers.csv", "organization_id,custmer_id,first_name\nsalon,x,X\n")
    error = failure(salon)
    assert "customers.csv, line 1" in error.message
    assert "'custmer_id' is unknown (did you mean 'customer_id'?)" in error.message
    assert "required columns are missing: customer_id" in error.message
    assert "seeds/README.md" in error.hint


def test_a_header_without_any_of_the_needed_dates_is_refused(salon) -> None:
    salon.write("sales.csv", "organization_id,sale_id,location_id\nsalon,s,east\n")
    message = failure(salon, "sales.csv").message
    assert "one of these columns is required: created_at, closed_at, sale_date" in message


def test_a_repeated_column_is_refused(salon) -> None:
    salon.write("customers.csv", "organization_id,customer_id,customer_id\nsalon,x,y\n")
    assert "'customer_id' stands twice" in failure(salon).message


def test_an_unknown_entity_is_refused_with_a_near_one(salon) -> None:
    salon.write("customer.csv", CUSTOMERS + "salon,x,X\n")
    message = failure(salon).message
    assert "customer.csv: the native layout has no entity 'customer'" in message
    assert "did you mean 'customers'?" in message


def test_two_files_of_one_entity_are_refused(salon) -> None:
    salon.write("customers.csv", CUSTOMERS)
    salon.write("customers.csv.gz", gzip.compress(CUSTOMERS.encode()))
    assert "customers.csv and customers.csv.gz both hold customers" in failure(salon).message


def test_an_empty_file_is_refused(salon) -> None:
    salon.write("customers.csv", "")
    assert "customers.csv is empty" in failure(salon).message


def test_a_file_with_only_a_header_loads_no_rows(salon) -> None:
    salon.write("customers.csv", CUSTOMERS)
    assert salon.load().total("rows_read") == 0


def test_an_empty_folder_is_refused(salon) -> None:
    assert "holds no file to load" in failure(salon).message


def test_a_path_that_does_not_exist_leaves_no_load(salon) -> None:
    before = salon.query("select count(*) from ops.loads")
    with pytest.raises(ChairsideError, match="does not exist"):
        salon.load("nowhere")
    assert salon.query("select count(*) from ops.loads") == before


def test_bytes_that_are_not_utf8_are_named_by_line(salon) -> None:
    salon.write("customers.csv", CUSTOMERS.encode() + b"salon,x,Zo\xc3\xab\nsalon,y,Zo\xeb\n")
    error = failure(salon)
    assert "customers.csv, line 3: the bytes 0xeb are not utf-8" in error.message
    assert "encoding: cp1252" in error.hint


def test_a_cut_gzip_file_is_refused(salon) -> None:
    whole = gzip.compress((CUSTOMERS + "salon,x,X\n" * 1000).encode())
    salon.write("customers.csv.gz", whole[:-20])
    assert "customers.csv.gz is not a whole gzip file" in failure(salon).message


def test_a_file_that_is_no_parquet_is_refused(salon) -> None:
    salon.write("customers.parquet", CUSTOMERS)
    assert "customers.parquet is not a readable Parquet file" in failure(salon).message


def test_ten_percent_bad_rows_undo_the_whole_load(salon) -> None:
    salon.write("products.csv", "organization_id,product_id\nsalon,shampoo\n")
    rows = "".join(f"salon,c{i},{'0000-13-01' if i % 10 == 3 else ''}\n" for i in range(100))
    salon.write("customers.csv", "organization_id,customer_id,birthday\n" + rows)
    error = failure(salon, max_reject_share=0.05)
    assert "customers.csv: 10 of 100 rows (10.0%) were rejected; at most 5.0%" in error.message
    assert "customers.csv, line 5, birthday: '0000-13-01' is not a birthday" in error.message
    assert "--max-reject-share" in error.hint
    load_id, read, rejected = salon.query(
        "select load_id, rows_read, rows_rejected from ops.loads order by 1 desc limit 1"
    )[0]
    assert (read, rejected) == (101, 10)
    problems = salon.rejects(load_id)
    assert [problem[2] for problem in problems] == list(range(5, 105, 10))
    assert problems[0][5] == "salon,c3,0000-13-01"
    assert salon.query("select count(*) from ops.load_files where load_id = %s", load_id) == [(0,)]


def test_rejects_up_to_the_threshold_are_accepted(salon) -> None:
    rows = "".join(f"salon,c{i},{'x' if i < 10 else ''}\n" for i in range(100))
    salon.write("customers.csv", "organization_id,customer_id,birthday\n" + rows)
    report = salon.load(max_reject_share=0.1)
    assert (report.total("rows_inserted"), report.total("rows_rejected")) == (90, 10)


def test_a_last_line_with_too_few_fields_is_cut_short(salon) -> None:
    salon.write("customers.csv", CUSTOMERS + "salon,x,X\nsalon,y")
    report = salon.load()
    assert report.total("rows_inserted") == 1
    assert salon.rejects(report.load_id) == [
        (
            "error",
            "customers.csv",
            3,
            None,
            "the last line is cut short: it has 2 of 3 fields",
            "salon,y",
        )
    ]


def test_a_last_line_inside_a_quote_is_cut_short(salon) -> None:
    salon.write("customers.csv", CUSTOMERS + 'salon,x,X\nsalon,y,"Y\nof')
    report = salon.load()
    problems = salon.rejects(report.load_id)
    assert [(problem[2], problem[5]) for problem in problems] == [(3, 'salon,y,"Y'), (4, "of")]
    assert "a quote opened on line 3 is never closed" in problems[0][4]
    assert report.total("rows_inserted") == 1


def test_a_last_line_without_a_line_end_is_whole(salon) -> None:
    salon.write("customers.csv", CUSTOMERS + "salon,x,X\nsalon,y,Y")
    assert salon.load().total("rows_inserted") == 2
