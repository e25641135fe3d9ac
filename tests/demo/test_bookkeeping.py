"""The generator's own books agree with themselves."""

from __future__ import annotations

import pandas as pd
import pytest

from orchestration.demo.answers.books import Books, make_books
from orchestration.demo.answers.finance import financial_daily, financial_monthly
from orchestration.demo.answers.sales import Sales, make_sales
from orchestration.demo.salon import Demo
from tests.demo.conftest import Answers

# Tickets planted to be paid otherwise than in full.
PAID_OTHERWISE = {"trap-over", "trap-under", "trap-return"}
OWNER = "organization_id"


@pytest.fixture(scope="module")
def books(larger_demo: Demo) -> Books:
    simulation = larger_demo.simulation
    return make_books(simulation.plan, simulation.business, larger_demo.delivery)


@pytest.fixture(scope="module")
def sales(books: Books) -> Sales:
    return make_sales(books)


@pytest.fixture(scope="module")
def tickets(sales: Sales) -> pd.DataFrame:
    """Closed tickets with what their lines add up to."""
    totals = sales.lines.groupby([OWNER, "sale_id"])["total"].sum().rename("total")
    return sales.tickets.merge(totals, left_on=[OWNER, "sale_id"], right_index=True)


def test_lines_add_up_to_the_total_that_the_ticket_states(tickets: pd.DataFrame) -> None:
    stated = tickets[tickets["total_amount"].notna()]
    assert len(stated) > 1_000
    assert (stated["total_amount"] == stated["total"]).all()


def test_tenders_add_up_to_the_ticket(larger_demo: Demo, tickets: pd.DataFrame) -> None:
    payments = larger_demo.delivery.truth["payments"]
    money = payments[payments["status"].fillna("completed").isin(["completed", "pending"])]
    money = money[money["deleted_at"].isna() & ~money["payment_id"].str.contains("attempts")]
    paid = money.groupby([OWNER, "sale_id"])["amount"].sum().rename("paid")
    every = tickets.merge(paid, how="left", left_on=[OWNER, "sale_id"], right_index=True)
    due = every[every[OWNER].isin(set(payments[OWNER])) & (every["total"] > 0)]
    due = due[~due["sale_id"].isin(PAID_OTHERWISE) & (due["sale_id"] != "trap-attempts")]
    assert len(due) > 1_000
    assert (due["paid"] == due["total"]).all()


def test_points_add_up_to_the_stated_balance(larger_demo: Demo) -> None:
    truth = larger_demo.delivery.truth
    events = truth["loyalty_events"].groupby([OWNER, "loyalty_account_id"])["points"].sum()
    accounts = truth["loyalty_accounts"].set_index([OWNER, "loyalty_account_id"])["balance"]
    assert len(accounts) > 300
    assert (events.reindex(accounts.index).fillna(0) == accounts).all()


def test_no_ordinary_balance_of_points_falls_below_nothing(larger_demo: Demo) -> None:
    events = larger_demo.delivery.truth["loyalty_events"]
    events = events[~events["loyalty_account_id"].str.startswith("trap-")]
    events = events.sort_values(["occurred_at", "loyalty_event_id"])
    running = events.groupby([OWNER, "loyalty_account_id"])["points"].cumsum()
    assert (running >= 0).all()


def test_gift_cards_are_never_overdrawn(larger_demo: Demo) -> None:
    events = larger_demo.delivery.truth["gift_card_events"].sort_values("occurred_at")
    assert (events.groupby([OWNER, "gift_card_id"])["amount"].cumsum() >= 0).all()


def test_packages_are_used_no_more_often_than_they_were_paid(larger_demo: Demo) -> None:
    truth = larger_demo.delivery.truth
    used = truth["package_redemptions"].groupby([OWNER, "package_id"]).size()
    sold = truth["packages"].set_index([OWNER, "package_id"])["sessions"]
    assert len(used) > 10
    assert (used <= sold.reindex(used.index)).all()


def test_refunds_give_back_no_more_than_was_paid(larger_demo: Demo) -> None:
    truth = larger_demo.delivery.truth
    refunds = truth["refunds"].groupby([OWNER, "payment_id"])["amount"].sum().rename("back")
    paid = truth["payments"].set_index([OWNER, "payment_id"])["amount"]
    assert (refunds <= paid.reindex(refunds.index)).all()


def test_the_ladder_foots_and_the_tenders_tie(answers: Answers) -> None:
    days = answers["financial_daily"].values()
    for day in days:
        discounts = day["accrual_discounts_minor"] or 0
        net = day["accrual_gross_sales_minor"] - discounts - day["accrual_returns_minor"]
        assert net == day["accrual_net_sales_minor"]
        if day["cash_total_collected_minor"] is not None:
            tenders = sum(day[f"cash_{name}_minor"] for name in TENDER_NAMES)
            assert tenders == (
                day["cash_total_collected_minor"] + day["cash_liability_redemptions_minor"]
            )


TENDER_NAMES = (
    "cash",
    "card",
    "wallet",
    "bank_transfer",
    "online",
    "gift_card",
    "loyalty",
    "account",
    "other",
)


def test_days_add_up_to_months(books: Books, sales: Sales) -> None:
    daily = financial_daily(books, sales)
    monthly = financial_monthly(books, daily)
    for column in (
        "tickets",
        "avg_ticket_numerator_minor",
        "accrual_net_sales_minor",
        "cash_total_collected_minor",
        "accrual_tax_minor",
    ):
        assert daily[column].sum() == monthly[column].sum()


def test_staff_and_places_sold_the_same(answers: Answers) -> None:
    by_staff = sum(row["net_sales_minor"] for row in answers["daily_sales"].values())
    by_place = sum(row["accrual_net_sales_minor"] for row in answers["financial_daily"].values())
    assert by_staff == by_place


def test_an_organization_without_payments_or_points_knows_nothing_of_them(answers: Answers) -> None:
    rows = [row for key, row in answers["customer_analytics"].items() if key[0] == "cedar"]
    assert rows
    for row in rows:
        for column in ("payments", "tips_minor", "loyalty_points_balance", "is_loyalty_member"):
            assert row[column] is None
        assert row["net_lifetime_minor"] is not None


def test_a_gift_card_is_used_in_the_currency_it_was_sold_in(larger_demo: Demo) -> None:
    truth = larger_demo.delivery.truth
    places = truth["locations"].set_index([OWNER, "location_id"])["currency"]
    events = truth["gift_card_events"]
    where = pd.MultiIndex.from_frame(events[[OWNER, "location_id"]])
    currencies = pd.Series(places.reindex(where).to_numpy(), index=events.index)
    assert (currencies.groupby([events[OWNER], events["gift_card_id"]]).nunique() == 1).all()
