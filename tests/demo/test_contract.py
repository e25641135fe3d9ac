"""What the demo writes is what the native layout asks for."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pyarrow import parquet

from orchestration.contract.model import Column, Entity, load_contract
from orchestration.demo.files import write_tables
from orchestration.demo.salon import Demo

ENTITIES = list(load_contract().entities.values())
# Planted on purpose: a booking of nobody known, a payment of a ticket unheard of.
UNKNOWN_ON_PURPOSE = {"trap-ghost", "trap-sale-of-nowhere"}


def rows_of(demo: Demo, entity: Entity) -> pd.DataFrame:
    return demo.delivery.truth[entity.name]


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda e: e.name)
def test_every_entity_has_a_file_with_known_columns(entity: Entity, folder: Path) -> None:
    with (folder / f"{entity.name}.csv").open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    assert set(header) <= set(entity.column_names)
    assert {c.name for c in entity.columns if c.required} <= set(header)


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda e: e.name)
def test_every_value_keeps_its_columns_rules(entity: Entity, demo: Demo) -> None:
    rows = rows_of(demo, entity)
    as_of = pd.Timestamp(demo.simulation.plan.as_of)
    for column in entity.columns:
        values = rows[column.name]
        if column.required:
            assert values.notna().all(), f"{column.name} is empty somewhere"
        if column.values:
            assert set(values.dropna()) <= set(column.values), column.name
        if column.min is not None:
            assert (values.dropna() >= column.min).all(), column.name
        if column.past:
            assert (values.dropna() <= as_of).all(), f"{column.name} lies in the future"
    for first, last in entity.ordered:
        assert not (rows[first] > rows[last]).fillna(False).any(), f"{first} after {last}"
    if entity.one_of:
        assert rows[list(entity.one_of)].notna().any(axis=1).all(), entity.one_of


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda e: e.name)
def test_a_key_names_one_true_row(entity: Entity, demo: Demo) -> None:
    assert not rows_of(demo, entity).duplicated(list(entity.full_key)).any()


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda e: e.name)
def test_every_reference_is_known_but_those_planted(entity: Entity, demo: Demo) -> None:
    for column in entity.columns:
        if column.references:
            assert set(unknown(demo, entity, column)) <= UNKNOWN_ON_PURPOSE, column.name


def unknown(demo: Demo, entity: Entity, column: Column) -> pd.Series:
    target = load_contract().entities[column.references or ""]
    known = demo.delivery.truth[target.name]
    known_keys = known["organization_id"] + "/" + known[target.key[-1]]
    rows = rows_of(demo, entity)
    named = rows[rows[column.name].notna()]
    keys = named["organization_id"] + "/" + named[column.name]
    return named.loc[~keys.isin(set(known_keys)), column.name]


@pytest.mark.parametrize("entity", [e for e in ENTITIES if e.same_currency], ids=lambda e: e.name)
def test_money_is_in_the_currency_of_its_location(entity: Entity, demo: Demo) -> None:
    places = demo.delivery.truth["locations"][["organization_id", "location_id", "currency"]]
    rows = rows_of(demo, entity).merge(
        places, on=["organization_id", "location_id"], suffixes=("", "_there")
    )
    stated = rows[rows["currency"].notna()]
    assert (stated["currency"] == stated["currency_there"]).all()


def test_stale_deliveries_stand_around_the_true_row(folder: Path) -> None:
    with (folder / "appointments.csv").open(encoding="utf-8", newline="") as file:
        keys = [(row["appointment_id"], row["version"]) for row in csv.DictReader(file)]
    assert keys.index(("trap-moved", "1")) < keys.index(("trap-moved", "2"))
    assert keys.index(("trap-late-version", "3")) < keys.index(("trap-late-version", "2"))
    assert keys.count(("trap-twice", "1")) == 2


def test_parquet_holds_what_csv_holds(demo: Demo, folder: Path, tmp_path: Path) -> None:
    business = demo.simulation.business
    for name, count in write_tables(demo.delivery, tmp_path, business, "parquet"):
        table = parquet.read_table(tmp_path / f"{name}.parquet").to_pandas()
        sent = pd.read_csv(folder / f"{name}.csv", low_memory=False)
        assert len(table) == len(sent) == count
        assert list(table.columns) == list(sent.columns)
        for column in table.select_dtypes(include=["number"]):
            wanted = pd.to_numeric(sent[column])
            assert np.allclose(table[column].astype(float), wanted, equal_nan=True), column


def test_yen_have_no_decimals_and_tax_keeps_its_fractions(folder: Path) -> None:
    with (folder / "sale_lines.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    yen = [row["gross_amount"] for row in rows if row["organization_id"] == "sakura"]
    assert yen
    assert all("." not in amount for amount in yen)
    taxes = [row["tax_amount"] for row in rows if row["organization_id"] == "maple"]
    assert any(len(tax.partition(".")[2]) > 2 for tax in taxes)
