"""The raw tables are created from the contract, and follow it when it grows."""

from __future__ import annotations

import psycopg2
import pytest

from orchestration.contract.model import Column, load_contract
from orchestration.contract.tables import META_COLUMNS, postgres_type
from orchestration.postgres.connection import connect
from orchestration.warehouse import schema


@pytest.fixture
def connection(fresh_database):
    with connect(fresh_database) as opened:
        yield opened


def columns_of(connection, table: str) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select column_name, udt_name from information_schema.columns"
            " where table_schema = 'raw_native' and table_name = %s order by ordinal_position",
            (table,),
        )
        return cursor.fetchall()


def test_every_entity_has_its_table_and_a_second_call_does_nothing(connection) -> None:
    assert schema.ensure_warehouse(connection)
    assert not schema.ensure_warehouse(connection)
    short = {"bigint": "int8", "boolean": "bool"}
    for entity in load_contract().entities.values():
        expected = [(column.name, postgres_type(column)) for column in entity.columns]
        expected += [(name, kind.split(" ")[0]) for name, kind, _ in META_COLUMNS]
        assert columns_of(connection, entity.name) == [
            (name, short.get(kind, kind)) for name, kind in expected
        ]


def test_a_newer_contract_adds_its_columns_and_keeps_the_rows(connection, monkeypatch) -> None:
    schema.ensure_warehouse(connection)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into raw_native.products (organization_id, product_id, _source_system,"
            " _load_id, _loaded_at) values ('shop', 'a', 'native', 1, now())"
        )
    connection.commit()
    contract = load_contract()
    products = contract.entities["products"]
    shade = Column(name="shade", type="text", description="Colour of the product.")
    newer = products.model_copy(update={"columns": (*products.columns, shade)})
    entities = contract.entities | {"products": newer}
    monkeypatch.setattr(
        schema, "load_contract", lambda: contract.model_copy(update={"entities": entities})
    )
    assert schema.ensure_warehouse(connection)
    assert columns_of(connection, "products")[-1] == ("shade", "text")
    with connection.cursor() as cursor:
        cursor.execute("select product_id, shade from raw_native.products")
        assert cursor.fetchall() == [("a", None)]


def test_an_empty_optional_part_of_a_key_is_unique_too(connection) -> None:
    schema.ensure_warehouse(connection)
    insert = (
        "insert into raw_native.catalog_prices (organization_id, item_type, item_id,"
        " valid_from_at, price, _source_system, _load_id, _loaded_at)"
        " values ('shop', 'service', 'cut', '2026-01-01', 1, 'native', 1, now())"
    )
    with connection.cursor() as cursor:
        cursor.execute(insert)
        with pytest.raises(psycopg2.errors.UniqueViolation):
            cursor.execute(insert)
    connection.rollback()
