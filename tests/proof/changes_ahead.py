"""Rows that are sent before their hour: the clock alone moves them when it comes.

Put here what a row says of an instant still ahead. Do not put here what changes at once
(changes.py).
"""

from __future__ import annotations

from datetime import timedelta

from tests.proof.changes import then
from tests.proof.steps import History, day, hour, instant, put

AHEAD: dict[str, History] = {
    "a ticket and its payment are sent before their hour": then(
        [
            put("sales", "t10", created_at=instant(0, 1.5), closed_at=instant(0, 1.5)),
            put("sale_lines", "t10", "1"),
            put("payments", "y10", sale_id="t10", paid_at=instant(0, 1.5)),
        ]
    ),
    "a booking is made, and another deleted, in an hour still ahead": then(
        [
            put("appointments", "a13", created_at=instant(0, 1.5)),
            put("appointment_services", "a13", "1"),
            put("appointments", "a5", deleted_at=instant(0, 1.5)),
        ]
    ),
    "a profile is created in an hour still ahead": then(
        [put("customers", "c8", created_at=instant(0, 1.5))]
    ),
    "a merge is made in an hour still ahead": then(
        [put("customer_merges", "c4", to_customer_id="c1", merged_at=instant(0, 1.5))]
    ),
    "a merge is undone in an hour still ahead": then(
        [put("customer_merges", "c7", unmerged_at=instant(0, 1.5))]
    ),
    "an event of a card and points are sent before their hour": then(
        [
            put("gift_card_events", "g2-2", gift_card_id="g1", occurred_at=instant(0, 1.5)),
            put("loyalty_events", "e5", occurred_at=instant(0, 1.5)),
        ]
    ),
    "a refund is sent before its hour": then(
        [put("refunds", "r4", payment_id="y1", sale_id="t1", refunded_at=instant(0, 1.5))]
    ),
    "a price is sent before its hour": then(
        [put("catalog_prices", "service", "v1", instant(0, 1.5), "", price="77")]
    ),
    "an account closes and a membership begins in an hour still ahead": then(
        [
            put("loyalty_accounts", "b1", closed_at=instant(0, 1.5)),
            put("memberships", "m2", started_at=instant(0, 1.5)),
        ]
    ),
    "a place closes down in an hour still ahead": then(
        [put("locations", "l2", deleted_at=instant(0, 1.5))]
    ),
    "a service and a person go in an hour still ahead": then(
        [
            put("services", "v1", deleted_at=instant(0, 1.5)),
            put("staff", "s1", deleted_at=instant(0, 1.5)),
        ]
    ),
    "a profile, a ticket and a merge are deleted in an hour still ahead": then(
        [
            put("customers", "c2", deleted_at=instant(0, 1.5)),
            put("sales", "t4", deleted_at=instant(0, 1.5)),
            put("customer_merges", "c7", deleted_at=instant(0, 1.5)),
        ]
    ),
    "the only message of a campaign is sent in an hour still ahead": then(
        [
            put("campaign_sends", "n1-1", deleted_at=instant(-1)),
            put("campaign_sends", "n1-2", sent_at=instant(0, 1.5)),
        ]
    ),
    "a session is used in an hour still ahead": then(
        [
            put("package_redemptions", "d3", package_id="k1", redeemed_at=instant(0, 1.5)),
            put(
                "sale_lines",
                "t1",
                "1",
                package_redemption_id="d3",
                discount_amount="40",
                discount_type="package",
            ),
        ]
    ),
    "a ticket turns out to be open until an hour still ahead": then(
        [put("sales", "t7", created_at=instant(0, 0.2), closed_at=instant(0, 1.5))]
    ),
    "a visit is over when the services of it are": then(
        [
            put("appointments", "a13", start_at=instant(0, 0.9)),
            put("appointment_services", "a13", "1", duration_minutes="30"),
            put("appointment_services", "a13", "2", duration_minutes="15"),
        ]
    ),
    "a visit is said to be attended before it begins": then(
        [
            put(
                "appointments",
                "a13",
                start_at=instant(0, 1.5),
                status="attended",
                end_at=instant(0, 1.9),
            )
        ]
    ),
    "a booking is called off in an hour still ahead": then(
        [put("appointments", "a12", cancelled_at=instant(0, 1.5), status="cancelled_by_customer")]
    ),
    "strangers' bookings that name only their day are over with it": (
        hour(
            timedelta(hours=1),
            [
                put("appointments", "a13", customer_id="", start_at="", start_date=day(0)),
                put("appointment_services", "a13", "1"),
            ],
        ),
        hour(timedelta(days=1)),
    ),
}
