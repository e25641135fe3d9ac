"""A real salon's marts hold what its files add up to. Built by a bare `dbt build`, no Dagster.

The totals come from pandas over the files, never through the warehouse's SQL. Skipped without them.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from orchestration.loading.load import load_path
from orchestration.settings import find_project_root
from orchestration.warehouse.schema import ensure_warehouse

if TYPE_CHECKING:
    from tests.warehouse import Warehouse

ROOT = find_project_root(Path(__file__).resolve().parent)
DATA = ROOT.parent / "shared" / "data" / "toronto_salon"
MAPPING = ROOT / "seeds" / "mappings" / "toronto_salon.yml"
UNKNOWN_TO_THIS_SALON = (
    "payments", "tips_minor", "discount_minor", "refunds_minor", "loyalty_points_balance",
    "is_loyalty_member", "email_consent", "age", "gift_cards_redeemed_minor", "is_referrer",
)  # fmt: skip

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the salon's files are not here")


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(DATA / name, dtype=str, keep_default_na=False)


def cents(amount: Decimal) -> int:
    return int((amount * 100).quantize(Decimal(1), ROUND_HALF_UP))


@pytest.fixture(scope="module")
def salon(new_warehouse: Any) -> Iterator[Warehouse]:
    with new_warehouse() as warehouse:
        with warehouse.connection() as connection:
            ensure_warehouse(connection)
        with warehouse.connection() as connection:
            load_path(connection, DATA, MAPPING)
        build = warehouse.command("dbt", "build", "--exclude-resource-type", "unit_test")
        output, _ = build.communicate()
        assert build.returncode == 0, output[-3000:]
        yield warehouse


@pytest.fixture(scope="module")
def receipts() -> pd.DataFrame:
    """The receipts' lines with exact amounts, and whether a line is a service of the price list."""
    lines = read("receipts.csv")
    services = set(read("services.csv")["Desc"]) - {""}
    lines["is_service"] = lines["Description"].isin(services)
    for column in ("Amount", "GST", "PST"):
        lines[column] = lines[column].map(Decimal)
    lines["Total"] = lines["Amount"] + lines["GST"] + lines["PST"]
    return lines


def test_service_and_product_sales_are_true_to_the_cent(
    salon: Warehouse, receipts: pd.DataFrame
) -> None:
    found = salon.rows(
        "select line_type, sum(net_minor)::bigint as net from marts.sale_lines group by 1"
    )
    expected = receipts.groupby("is_service")["Amount"].sum()
    assert {row["line_type"]: row["net"] for row in found} == {
        "service": cents(expected[True]),
        "product": cents(expected[False]),
    }


def test_every_receipt_comes_to_what_it_says_rounded_once(
    salon: Warehouse, receipts: pd.DataFrame
) -> None:
    found = salon.rows(
        "select sale_id, sum(total_minor)::bigint as total from marts.sale_lines group by 1"
    )
    expected = receipts.groupby("Receipt")["Total"].sum().map(cents)
    totals = {row["sale_id"]: row["total"] for row in found}
    assert len(totals) == len(expected) == receipts["Receipt"].nunique()
    assert totals == expected.to_dict()


def test_each_tax_is_true_and_ties_to_the_receipts(
    salon: Warehouse, receipts: pd.DataFrame
) -> None:
    found = salon.rows(
        "select tax_name, sum(tax_minor)::bigint as tax from marts.sale_line_taxes group by 1"
    )
    taxes = {row["tax_name"]: row["tax"] for row in found}
    totals = receipts.groupby("Receipt")["Total"].sum().map(cents).sum()
    assert sum(taxes.values()) == totals - cents(receipts["Amount"].sum())
    # A receipt moves each kind by less than a cent, so the kinds stay within a few of their sums.
    for name in ("GST", "PST"):
        assert abs(taxes[name] - cents(receipts[name].sum())) <= receipts["Receipt"].nunique() // 50


def test_the_daily_ledger_adds_up_to_the_receipts(salon: Warehouse, receipts: pd.DataFrame) -> None:
    [found] = salon.rows(
        "select sum(accrual_net_sales_minor)::bigint as net, count(cash_total_collected_minor)"
        " as collected, sum(tickets)::bigint as tickets from marts.financial_monthly"
    )
    assert found["net"] == cents(receipts["Amount"].sum())
    assert found["collected"] == 0, "the export holds no payments, so collected must be unknown"


def test_bookings_cancellations_and_no_shows_are_counted(salon: Warehouse) -> None:
    bookings, no_shows = read("bookings.csv"), read("no_shows.csv")
    keys = ["Code", "Date", "Service", "Staff"]
    missed = set(no_shows[keys].itertuples(index=False, name=None))
    days = bookings.assign(
        missed=[row in missed for row in bookings[keys].itertuples(index=False, name=None)]
    )
    kept_days = days[~days["missed"]][["Code", "Date"]].drop_duplicates()
    [found] = salon.rows(
        """
        select
            (select count(*) from marts.appointment_services where derived_status = 'no_show')
                as missed_services,
            (select count(*) from marts.appointments where is_attended) as attended,
            (select count(*) from marts.appointments where is_cancelled) as cancelled,
            (select count(*) from marts.visits where is_booked) as booked_visits
        """
    )
    assert found["missed_services"] == len(missed) == 60
    assert found["attended"] == found["booked_visits"] == len(kept_days)
    cancellations = read("cancellations.csv")
    standing = set(bookings[["Code", "Date"]].itertuples(index=False, name=None))
    cancelled_days = set(cancellations[["Code", "Booking Date"]].itertuples(index=False, name=None))
    assert found["cancelled"] == len(cancelled_days - standing)


def test_walk_ins_are_sales_and_visits_and_no_clients(salon: Warehouse) -> None:
    receipts, bookings = read("receipts.csv"), read("bookings.csv")
    codes = (set(receipts["Client"]) | set(bookings["Code"])) - {"WALK_IN", ""}
    codes |= set(read("cancellations.csv")["Code"]) | set(read("no_shows.csv")["Code"])
    [found] = salon.rows(
        """
        select
            (select count(*) from marts.customer_analytics) as clients,
            (select count(*) from marts.sales where is_walk_in) as walk_in_tickets,
            (select count(*) from marts.visits where is_walk_in) as walk_in_visits,
            (select count(*) from marts.customer_analytics where customer_id = 'WALK_IN')
                as pseudo_clients
        """
    )
    walk_ins = receipts[receipts["Client"] == "WALK_IN"]
    assert found["clients"] == len(codes - {""})
    assert found["walk_in_tickets"] == walk_ins["Receipt"].nunique()
    assert found["walk_in_visits"] > 0
    assert found["pseudo_clients"] == 0


@pytest.mark.parametrize("column", UNKNOWN_TO_THIS_SALON)
def test_what_the_data_cannot_say_is_null_and_not_zero(salon: Warehouse, column: str) -> None:
    [found] = salon.rows(f"select count({column}) as known from marts.customer_analytics")
    assert found["known"] == 0
