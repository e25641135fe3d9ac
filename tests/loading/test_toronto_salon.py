"""The worked example: raw holds what pandas finds in the salon's files. Skipped without them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from orchestration.loading.load import load_path
from orchestration.postgres.connection import connect
from orchestration.settings import find_project_root

ROOT = find_project_root(Path(__file__).resolve().parent)
DATA = ROOT.parent / "shared" / "data" / "toronto_salon"
MAPPING = ROOT / "seeds" / "mappings" / "toronto_salon.yml"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the salon's files are not here")


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(DATA / name, dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def loaded(new_database, empty_warehouse):
    with new_database(empty_warehouse) as url, connect(url) as connection:
        first = load_path(connection, DATA, MAPPING)
        again = load_path(connection, DATA, MAPPING)

        def query(statement: str) -> list[tuple]:
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall()

        yield query, first, again


def test_every_row_is_loaded_and_loading_again_changes_nothing(loaded) -> None:
    _, first, again = loaded
    assert first.total("rows_rejected") == first.total("rows_warned") == 0
    assert first.total("rows_inserted") == first.total("rows_read") > 0
    assert not again.changed_anything


def test_sales_and_taxes_are_those_of_the_receipts(loaded) -> None:
    query, _, _ = loaded
    receipts = read("receipts.csv")
    services = set(read("services.csv")["Desc"]) - {""}
    amount = receipts["Amount"].map(Decimal)
    is_service = receipts["Description"].isin(services)
    assert dict(
        query("select line_type, sum(gross_amount) from raw_native.sale_lines group by 1")
    ) == {"service": amount[is_service].sum(), "product": amount[~is_service].sum()}
    taxes = {name: receipts[name].map(Decimal).sum() for name in ("GST", "PST")}
    assert (
        dict(query("select tax_name, sum(tax_amount) from raw_native.sale_line_taxes group by 1"))
        == taxes
    )
    assert query("select sum(tax_amount) from raw_native.sale_lines") == [(sum(taxes.values()),)]


def test_receipts_lines_and_walk_ins_are_all_there(loaded) -> None:
    query, _, _ = loaded
    receipts = read("receipts.csv")
    assert query("select count(*), count(distinct sale_id) from raw_native.sale_lines") == [
        (len(receipts), receipts["Receipt"].nunique())
    ]
    assert query(
        "select count(*) from raw_native.sale_lines as l join raw_native.customers as c"
        " using (organization_id, customer_id) where c.customer_type = 'walk_in'"
    ) == [(int((receipts["Client"] == "WALK_IN").sum()),)]
    assert query("select staff_id from raw_native.staff where staff_type = 'house'") == [("HOUSE",)]
    assert query(
        "select quantity, gross_amount < 0 from raw_native.sale_lines where quantity < 0"
    ) == [(-1, True)]


def test_bookings_are_client_days(loaded) -> None:
    query, _, _ = loaded
    bookings, cancellations = read("bookings.csv"), read("cancellations.csv")
    missed = read("no_shows.csv")
    booked = set(zip(bookings["Code"], bookings["Date"], strict=True))
    cancelled = set(zip(cancellations["Code"], cancellations["Booking Date"], strict=True))
    states = dict(query("select status, count(*) from raw_native.appointments group by 1"))
    assert states["confirmed"] + states["no_show"] == len(booked)
    assert states["cancelled"] == len(cancelled - booked)
    assert states["no_show"] == len(set(zip(missed["Code"], missed["Date"], strict=True)))
    slots = dict(query("select status, count(*) from raw_native.appointment_services group by 1"))
    assert slots["no_show"] == len(missed)
    assert slots[None] + slots["no_show"] == len(bookings)


def test_what_the_files_do_not_say_is_absent(loaded) -> None:
    query, _, _ = loaded
    for table in ("payments", "refunds", "loyalty_accounts", "campaign_sends"):
        assert query(f"select count(*) from raw_native.{table}") == [(0,)]
    assert query(
        "select count(email), count(email_consent), count(first_name) from raw_native.customers"
    ) == [(0, 0, 0)]
    assert query("select count(discount_amount) from raw_native.sale_lines") == [(0,)]
