"""The first rows of a raw table: quicker, and otherwise like any others."""

from __future__ import annotations

import pytest

from orchestration.errors import ChairsideError
from orchestration.loading import first_fill
from orchestration.postgres.connection import connect

FILE = (
    "organization_id,customer_id,first_name,version\n"
    "salon,ada,Ada,1\nsalon,ada,Ida,2\nsalon,bo,Bo,\n"
)
INDEXES = (
    "select indexname, indexdef from pg_indexes"
    " where schemaname = 'raw_native' and tablename = 'customers' order by 1"
)
FILE_NODE = "select pg_relation_filenode('raw_native.customers')"
ROWS = "select customer_id, first_name from raw_native.customers order by 1"
# The older of two versions is none of what there is.
LOADED = [("ada", "Ida"), ("bo", "Bo")]


@pytest.fixture(autouse=True)
def any_number_is_worthwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_fill, "WORTHWHILE_ROWS", 1)


def test_an_empty_table_is_filled_in_a_new_file_and_has_its_indexes_again(business) -> None:
    indexes, node = business.query(INDEXES), business.query(FILE_NODE)
    business.write("customers.csv", FILE)
    report = business.load()
    assert (report.total("rows_inserted"), business.query(ROWS)) == (2, LOADED)
    assert business.query(INDEXES) == indexes
    assert len(indexes) >= 2
    assert business.query(FILE_NODE) != node


def test_a_table_that_has_rows_keeps_its_file(business) -> None:
    business.write("customers.csv", FILE)
    business.load()
    node = business.query(FILE_NODE)
    business.write("customers.csv", FILE.replace("bo,Bo", "cy,Cy"))
    assert business.load().total("rows_inserted") == 1
    assert business.query(FILE_NODE) == node


def test_a_reader_of_the_empty_table_does_not_hold_the_load_up(
    business, shared_warehouse: str
) -> None:
    node = business.query(FILE_NODE)
    # The load's own connection may not hold the table either.
    business.connection.rollback()
    business.write("customers.csv", FILE)
    with connect(shared_warehouse) as reader, reader.cursor() as cursor:
        cursor.execute("select count(*) from raw_native.customers")
        assert business.load().total("rows_inserted") == 2
        reader.rollback()
    assert business.query(ROWS) == LOADED
    assert business.query(FILE_NODE) == node


def test_a_load_that_fails_later_leaves_the_table_empty_with_its_indexes(business) -> None:
    indexes = business.query(INDEXES)
    business.write("customers.csv", FILE)
    business.write("sales.csv", "organization_id,bill\nsalon,1\n")
    with pytest.raises(ChairsideError):
        business.load()
    assert business.query(ROWS) == []
    assert business.query(INDEXES) == indexes
