"""Parquet files, with types of their own, pass the checks that CSV files do."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from pyarrow import parquet

from orchestration.errors import ChairsideError


def test_typed_columns_arrive_as_they_are(salon) -> None:
    table = pa.table(
        {
            "organization_id": pa.array(["salon"] * 2).dictionary_encode(),
            "sale_id": pa.array([1, 2]),
            "location_id": ["east", "east"],
            "closed_at": pa.array(
                [datetime(2026, 5, 1, 12, tzinfo=UTC), None], pa.timestamp("us", "UTC")
            ),
            "created_at": pa.array([None, datetime(2026, 5, 1, 8)], pa.timestamp("ns")),
            "sale_date": pa.array([date(2026, 5, 1), None]),
            "total_amount": pa.array([Decimal("12.3400"), None]),
            "version": pa.array([3.0, float("nan")]),
        }
    )
    parquet.write_table(table, salon.folder / "sales.parquet")
    salon.load()
    assert salon.query(
        "select sale_id, (closed_at at time zone 'UTC')::text,"
        " (created_at at time zone 'UTC')::text, sale_date, total_amount::text, version,"
        " _source_line from raw_native.sales order by 1"
    ) == [
        ("1", "2026-05-01 12:00:00", None, date(2026, 5, 1), "12.3400", 3, 1),
        ("2", None, "2026-05-01 12:00:00", None, None, None, 2),
    ]


def test_a_bad_row_is_named_by_its_number(salon) -> None:
    table = pa.table(
        {
            "organization_id": ["salon"] * 3,
            "product_id": ["a", "b", "a"],
            "price": pa.array([1.5, -2.0, 3.0]),
        }
    )
    parquet.write_table(table, salon.folder / "products.parquet")
    report = salon.load()
    problems = salon.rejects(report.load_id)
    assert [(problem[2], problem[3], problem[5]) for problem in problems] == [
        (2, "price", "salon,b,-2"),
        (1, "product_id", "salon,a,1.5"),
    ]


def test_a_type_without_text_is_refused(salon) -> None:
    table = pa.table({"organization_id": ["salon"], "product_id": ["a"], "price": [[1]]})
    parquet.write_table(table, salon.folder / "products.parquet")
    with pytest.raises(ChairsideError, match=r"column 'price' has the Parquet type list"):
        salon.load()


def test_the_same_parquet_file_twice_changes_nothing(salon) -> None:
    table = pa.table({"organization_id": ["salon"], "product_id": ["a"], "price": [1.1]})
    parquet.write_table(table, salon.folder / "products.parquet")
    assert salon.load().total("rows_inserted") == 1
    assert not salon.load().changed_anything
