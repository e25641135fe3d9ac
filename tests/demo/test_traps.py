"""Every trap is planted, and its answers are those worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from orchestration.demo.salon import Demo
from tests.demo.conftest import Answers

TRAPS = {
    "account_closed", "account_of_nobody", "account_without_events", "accounts_of_merged_profiles",
    "after_midnight", "awkward_names", "birthday_29_february", "birthday_today",
    "birthday_tomorrow", "birthday_without_year", "booking_deleted_at_source",
    "booking_without_profile", "booking_without_services", "bought_after_holdout",
    "campaign_with_holdout", "client_with_two_currencies", "comp_only", "consent_never_asked",
    "corrected_without_version", "day_without_time", "deposit_on_open_ticket", "discounts",
    "dst_fall_overlap", "dst_spring_gap", "duplicate_delivery", "ends_at_as_of",
    "fractional_quantity", "gift_card_expired", "gift_card_sold_then_redeemed",
    "late_cancellation", "late_refund", "line_for_another_client", "line_without_item",
    "membership_ends", "merge_chain", "month_end_2330", "no_end_given", "no_mail",
    "no_mail_no_phone", "no_phone", "no_show_fee", "not_accepted", "older_version_after_newer",
    "only_a_booking_ahead", "open_ticket", "over_payment", "overlapping_services",
    "package_sold_then_used", "paid_on_another_day", "payment_without_known_sale",
    "payments_that_are_no_money", "points_in_every_sign", "profile_deleted_at_source",
    "profile_without_booking", "quoted_reason", "reassigned", "referrer_was_merged",
    "refund_by_amount", "refund_by_payment_only", "refund_by_ticket_only", "refund_in_parts",
    "refund_not_completed", "refund_of_gift_card", "refund_on_another_day", "refund_with_tip",
    "rescheduled", "retail_only_client", "return_line", "return_ticket_settled_by_refund",
    "runs_at_as_of", "same_key_in_two_organizations", "service_charge", "service_missed",
    "several_staff", "split_tender", "staff_as_client", "suppressed", "tax_rounds_per_ticket",
    "test_profile", "ticket_deleted_at_source", "ticket_of_cancelled_booking", "tip_added_later",
    "profile_changed", "two_half_days", "unbooked_visit", "under_18",
    "under_payment", "undone_merge", "unknown_age", "unlinked_refund", "voided_ticket",
    "walk_in_profile", "walk_in_without_customer",
}  # fmt: skip


def client(answers: Answers, key: str) -> dict[str, Any]:
    return answers["customer_analytics"][(key,)]


def visits_of(answers: Answers, key: str) -> list[dict[str, Any]]:
    return [row for row in answers["visits"].values() if row["customer_id"] == key]


def test_every_trap_is_planted_and_named(document: dict[str, Any]) -> None:
    assert set(document["traps"]) == TRAPS


def test_every_row_that_a_trap_names_is_delivered(demo: Demo) -> None:
    for trap, rows in demo.delivery.traps.items():
        for row in rows:
            table = demo.delivery.truth[row["entity"]]
            keys = {name: value for name, value in row.items() if name != "entity"}
            found = table[(table[list(keys)] == list(keys.values())).all(axis=1)]
            assert len(found) >= 1, (trap, row)


def test_a_chain_of_merges_ends_in_one_client(answers: Answers) -> None:
    row = client(answers, "trap-chain-c")
    assert (row["visits"], row["attended_bookings"], row["net_lifetime_minor"]) == (3, 3, 18_000)
    assert row["median_days_between_visits"] == 100
    assert row["loyalty_points_balance"] == 120
    assert ("trap-chain-a",) not in answers["customer_analytics"]


def test_an_undone_merge_leaves_two_clients(answers: Answers) -> None:
    assert client(answers, "trap-undone-a")["visits"] == 1
    assert client(answers, "trap-undone-b")["visits"] == 1


def test_the_credit_for_a_referral_goes_to_the_profile_that_lives_on(answers: Answers) -> None:
    row = client(answers, "trap-chain-c")
    assert (row["is_referrer"], row["referred_customers_visited"]) == (True, 1)
    assert client(answers, "trap-referred")["referred_by_customer_id"] == "trap-chain-c"


def test_pseudo_clients_and_tests_are_no_customers(answers: Answers) -> None:
    clients = answers["customer_analytics"]
    assert ("trap-walk-in",) not in clients
    assert ("trap-test",) not in clients
    assert answers["visits"][("booking:trap-walk-in",)]["is_walk_in"] is True
    assert answers["visits"][("ticket:trap-walk-in-2",)]["is_booked"] is False
    assert ("trap-test",) not in answers["appointments"]
    assert ("trap-test",) not in answers["sales"]


def test_a_client_without_a_profile_is_counted_without_a_name(answers: Answers) -> None:
    for key in ("trap-ghost", "trap-deleted"):
        assert (client(answers, key)["visits"], client(answers, key)["name"]) == (1, None)


@pytest.mark.parametrize(
    ("key", "age", "group"),
    [
        ("trap-yearless", None, "unknown"),
        ("trap-leap", 26, "26-35"),
        ("trap-minor", 15, "<18"),
        ("trap-ageless", None, "unknown"),
        ("trap-today", 26, "26-35"),
        ("trap-tomorrow", 25, "18-25"),
    ],
)
def test_age_is_in_whole_years_at_the_clients_place(
    answers: Answers, key: str, age: int | None, group: str
) -> None:
    assert (client(answers, key)["age"], client(answers, key)["age_group"]) == (age, group)


def test_a_birthday_without_a_year_is_still_a_birthday(answers: Answers) -> None:
    row = client(answers, "trap-leap-yearless")
    assert (row["birth_year"], row["birth_month"], row["birth_day"]) == (None, 2, 29)


def test_the_newest_version_of_a_booking_counts(answers: Answers) -> None:
    bookings = answers["appointments"]
    assert bookings[("trap-moved",)]["start_date"] == "2026-10-07"
    assert bookings[("trap-handed",)]["customer_id"] == "trap-booker-2"
    assert bookings[("trap-late-version",)]["derived_status"] == "no_show"
    assert bookings[("trap-corrected",)]["derived_status"] == "no_show"
    assert ("trap-erased",) not in bookings


def test_a_night_ends_at_the_cut_off(answers: Answers) -> None:
    days = {clock: answers["sales"][(f"trap-{clock}",)]["business_date"] for clock in CLOCKS}
    assert days == {"0130": "2026-09-15", "0159": "2026-09-15", "0200": "2026-09-16"}
    assert answers["appointments"][("trap-spring",)]["start_date"] == "2026-03-07"
    overlap = [answers["appointments"][(f"trap-autumn-{n}",)] for n in (1, 2)]
    assert [row["start_at"] for row in overlap] == ["2025-11-02T05:30:00Z", "2025-11-02T06:30:00Z"]
    assert {row["start_date"] for row in overlap} == {"2025-11-01"}


CLOCKS = ("0130", "0159", "0200")


def test_the_last_evening_of_a_month_stays_in_it(answers: Answers) -> None:
    for location in ("l1", "l3"):
        sale = answers["sales"][(f"trap-month-end-{location}",)]
        assert sale["business_date"] == "2026-10-31"


def test_late_is_less_than_a_day_and_never_the_businesss_fault(answers: Answers) -> None:
    status = {
        key: answers["appointments"][(f"trap-cancel-{key}",)]["derived_status"]
        for key in ("24h", "late", "business", "unknown", "undated")
    }
    assert status == {
        "24h": "cancelled_by_customer",
        "late": "late_cancelled",
        "business": "cancelled_by_business",
        "unknown": "late_cancelled",
        "undated": "cancelled_by_customer",
    }


def test_two_bookings_a_day_are_one_visit_per_place(answers: Answers) -> None:
    visits = visits_of(answers, "trap-twice-a-day")
    assert sorted(row["attended_bookings"] for row in visits) == [1, 2]


def test_what_lies_ahead_is_no_visit(answers: Answers) -> None:
    ahead = client(answers, "trap-ahead")
    assert (ahead["visits"], ahead["upcoming_bookings"]) == (0, 1)
    assert (ahead["lifecycle_status"], ahead["lifecycle_stage"]) == ("never_visited", "NEW")
    assert client(answers, "trap-running")["visits"] == 0
    assert client(answers, "trap-ending")["visits"] == 1
    paid_ahead = client(answers, "trap-paid-ahead")
    assert (paid_ahead["visits"], paid_ahead["net_lifetime_minor"]) == (0, 8650)


def test_a_gift_card_is_revenue_once_when_it_is_used(answers: Answers) -> None:
    giver, given = client(answers, "trap-giver"), client(answers, "trap-given")
    assert (giver["net_lifetime_minor"], giver["gift_cards_bought_minor"]) == (0, 10_000)
    assert (given["net_lifetime_minor"], given["gift_cards_redeemed_minor"]) == (12_000, 10_000)
    assert given["avg_ticket_minor"] == 6000


def test_package_sessions_share_the_price_to_the_cent(answers: Answers) -> None:
    worth = [
        answers["sale_lines"][(f"trap-series-{n}", "1")]["package_recognised_minor"]
        for n in (1, 2, 3)
    ]
    assert worth == [3334, 3333, None]
    row = client(answers, "trap-series")
    assert (row["packages_bought_minor"], row["net_service_minor"], row["visits"]) == (10_000, 0, 3)
    assert row["discounted_tickets"] == 0


def test_a_ticket_is_rounded_once(answers: Answers) -> None:
    taxes = [answers["sale_lines"][("trap-halves", str(n))]["tax_minor"] for n in (1, 2, 3)]
    assert sorted(taxes) == [0, 1, 1]


def test_every_kind_of_discount_is_kept_apart(answers: Answers) -> None:
    row = answers["financial_daily"][("l1", "2026-09-15")]
    assert row["accrual_coupon_discounts_minor"] >= 1500
    assert row["accrual_membership_discounts_minor"] >= 600
    assert row["accrual_loyalty_discounts_minor"] >= 1000
    assert row["accrual_manual_discounts_minor"] >= 500 + 2650 + 265


def test_refunds_count_on_their_own_day_and_in_their_parts(answers: Answers) -> None:
    row = client(answers, "trap-refunded")
    assert row["currency"] == "CAD"
    # Nine tickets of 100.00 + 50.00, one of 100.00, and one that takes 50.00 back.
    bought = 9 * 15_000 + 10_000 - 5000
    # By line, by amount, in parts, unlinked, by payment, by ticket, with tip; less 13 % tax.
    back = 10_000 + 3000 + 5000 + 15_000 + 2500 + 1500 + 1500 + 10_000
    assert row["net_service_minor"] + row["net_retail_minor"] == bought
    assert row["net_lifetime_minor"] == bought - back


def test_points_tell_earned_from_adjusted(answers: Answers) -> None:
    row = client(answers, "trap-points")
    assert row["loyalty_points_balance"] == 129
    assert row["loyalty_points_earned"] == 165
    assert row["loyalty_points_redeemed"] == 30
    assert row["loyalty_points_expired"] == 20
    assert row["loyalty_points_adjusted"] == 14
    assert client(answers, "trap-owing")["loyalty_points_balance"] == -40


def test_money_that_is_no_sale_is_left_apart(answers: Answers) -> None:
    for key in ("trap-voided", "trap-open", "trap-deposit", "trap-erased"):
        assert (key,) not in answers["sales"]
    day = answers["financial_daily"][("l1", "2026-09-03")]
    assert day["cash_unallocated_minor"] >= 3000 + 6780


def test_two_kinds_of_dollars_are_never_added(answers: Answers) -> None:
    row = client(answers, "trap-traveller")
    assert (row["currency"], row["other_currencies"]) == ("CAD", ["USD"])
    assert row["net_lifetime_minor"] == 8650


def test_the_same_key_in_two_organizations_is_two_clients(answers: Answers) -> None:
    maple, linden = client(answers, "c0000001"), answers["customer_analytics"][LINDEN]
    assert maple["name"] != linden["name"]


LINDEN = ("linden", "c0000001")


def test_a_tip_added_later_and_a_changed_profile_are_the_newest(answers: Answers) -> None:
    assert client(answers, "trap-moved-mail")["email"] == "trap-moved-mail@example.com"
    assert client(answers, "trap-moved-mail")["email_consent"] is True
    assert answers["financial_daily"][("l1", "2026-08-31")]["accrual_tips_minor"] >= 1000


def test_a_client_who_came_after_calling_off_visited_on_the_tickets_day(answers: Answers) -> None:
    (visit,) = visits_of(answers, "trap-came-anyway")
    assert (visit["visit_date"], visit["is_booked"]) == ("2026-08-28", False)


def test_a_ticket_counts_on_the_day_of_its_booking(answers: Answers) -> None:
    days = {
        key: answers["sale_lines"][(key, "1")]["service_date"]
        for key in ("trap-prepaid", "trap-paid-later", "trap-paid-ahead")
    }
    assert days == {
        "trap-prepaid": "2026-10-12",
        "trap-paid-later": "2026-08-28",
        "trap-paid-ahead": "2026-11-21",
    }
    assert answers["sale_lines"][("trap-prepaid", "2")]["service_date"] == "2026-10-02"
