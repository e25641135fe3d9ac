"""Every kind of change by its name: the histories that a refresh must not get wrong.

Put here what a person would think of. Do not put here what random histories found
(regressions.py).
"""

from __future__ import annotations

from datetime import timedelta

from tests.proof.steps import History, Put, day, hour, instant, put

AN_HOUR, TWO_HOURS, A_MONTH = timedelta(hours=1), timedelta(hours=2), timedelta(days=33)


def then(first: list[Put], second: list[Put] | None = None) -> History:
    """Write a change in the first hour and one in the second, and then a month that passes."""
    return (hour(AN_HOUR, first), hour(TWO_HOURS, second or []), hour(A_MONTH))


def undone(*changes: tuple[Put, Put]) -> History:
    """Write changes that the second hour takes back."""
    return then([new for new, _ in changes], [old for _, old in changes])


NAMED_CHANGES: dict[str, History] = {
    "a booking is moved to another day and back": undone(
        (
            put("appointments", "a5", start_at=instant(-45)),
            put("appointments", "a5", start_at=instant(-31)),
        )
    ),
    "a booking is moved to the other place": then([put("appointments", "a4", location_id="l2")]),
    "a visit among many becomes the first of them, and then none": then(
        [put("appointments", "a3", start_at=instant(-170))],
        [put("appointments", "a3", status="no_show")],
    ),
    "a visit is handed to another client": then(
        [put("appointments", "a6", customer_id="c4")],
        [put("sales", "t5", customer_id="c4")],
    ),
    "a service is handed to another person": then(
        [put("appointment_services", "a2", "1", staff_id="s3")]
    ),
    "a first visit is cancelled": then(
        [put("appointments", "a7", status="cancelled_by_customer", cancelled_at=instant(-364, -3))]
    ),
    "a visit turns out to be missed": then([put("appointments", "a6", status="no_show")]),
    "a booking is deleted and brought back": undone(
        (
            put("appointments", "a3", deleted_at=instant(-1)),
            put("appointments", "a3", deleted_at=""),
        )
    ),
    "services come, go and cost more": then(
        [
            put("appointment_services", "a9", "2", service_id="v1"),
            put("appointment_services", "a1", "2", deleted_at=instant(-1)),
        ],
        [put("appointment_services", "a1", "1", price="55")],
    ),
    "a ticket is closed, and another voided and restored": then(
        [
            put("sales", "t9", status="closed", closed_at=instant(0, 0.5)),
            put("sales", "t4", status="voided"),
        ],
        [put("sales", "t4", status="closed")],
    ),
    "a ticket is moved to another month": then([put("sales", "t3", closed_at=instant(-92))]),
    "lines gain a discount, a tax and a package": then(
        [
            put(
                "sale_lines",
                "t4",
                "1",
                package_redemption_id="d1",
                discount_amount="40",
                discount_type="package",
            )
        ],
        [put("sale_line_taxes", "t4", "1", "GST", tax_amount="1.005")],
    ),
    "a payment finds its ticket and a tip comes later": then(
        [put("payments", "y9", sale_id="t7")], [put("payments", "y2", tip_amount="9")]
    ),
    "a line is refunded late": then(
        [
            put(
                "refunds",
                "r4",
                payment_id="y1",
                sale_id="t1",
                sale_line_id="1",
                amount="40",
                refunded_at=instant(0, 0.5),
            )
        ]
    ),
    "a refund finds its ticket, another is taken back": then(
        [put("refunds", "r3", sale_id="t2", payment_id="y2")],
        [put("refunds", "r2", status="rejected")],
    ),
    "an event of a gift card arrives out of order": then(
        [
            put(
                "gift_card_events",
                "g2-2",
                gift_card_id="g1",
                event_type="load",
                occurred_at=instant(-30),
            )
        ],
        [put("gift_card_events", "g1-2", gift_card_id="g2")],
    ),
    "points arrive out of order and change their owner": then(
        [put("loyalty_events", "e5", occurred_at=instant(-100), expires_at=instant(0, 1.5))],
        [put("loyalty_accounts", "b2", customer_id="c4")],
    ),
    "a session moves from one package to another": then(
        [put("package_redemptions", "d1", package_id="k2")],
        [put("packages", "k2", price="75")],
    ),
    "a merge is undone and made to another": then(
        [put("customer_merges", "c7", unmerged_at=instant(-1))],
        [put("customer_merges", "c7", to_customer_id="c4", unmerged_at="")],
    ),
    "merges make a chain whose end moves": then(
        [
            put("customer_merges", "c3", to_customer_id="c1"),
            put("customer_merges", "c2", to_customer_id="c9"),
        ],
        [put("customer_merges", "c1", to_customer_id="c4")],
    ),
    "a profile changes its consent, birthday and referrer": then(
        [
            put("customers", "c2", email_consent="true", birthday="0000-03-31"),
            put("customers", "c3", first_name="Renamed"),
        ],
        [put("customers", "c2", referred_by_customer_id="c4")],
    ),
    "a client turns out to be a test, and another a walk-in": then(
        [
            put("customers", "c1", customer_type="test"),
            put("customers", "c3", customer_type="walk_in"),
        ],
        [put("customers", "c6", customer_type="client"), put("customers", "c1", customer_type="")],
    ),
    "a test profile owns the ticket that others paid": then(
        [put("sales", "t7", customer_id="c6")], [put("sales", "t2", customer_id="c5")]
    ),
    "the price list changes names, groups and prices": then(
        [
            put("services", "v1", name="Renamed", category="Care"),
            put("catalog_prices", "service", "v2", instant(-1), "", price="99"),
        ],
        [
            put("products", "p1", deleted_at=instant(-1)),
            put("services", "v2", deleted_at=instant(-1)),
        ],
    ),
    "a person turns out to be a house account, and leaves": then(
        [put("staff", "s1", staff_type="house")], [put("staff", "s1", deleted_at=instant(-1))]
    ),
    "a place changes its time zone and its cut-off": then(
        [put("locations", "l1", timezone="Asia/Tokyo")],
        [put("locations", "l2", business_day_cutoff="")],
    ),
    "a place changes its currency": then(
        [put("locations", "l1", currency="JPY")], [put("organizations", default_currency="EUR")]
    ),
    "facts name a place that is known later and forgotten": then(
        [
            put("appointments", "a13", location_id="l9"),
            put("sales", "t10", location_id="l9"),
            put("locations", "l9", timezone="Asia/Tokyo", currency="JPY"),
        ],
        [
            put("locations", "l9", deleted_at=instant(-1)),
            put("sales", "t10", deleted_at=instant(-1)),
        ],
    ),
    "facts name staff, items and clients that are known later": then(
        [
            put("appointment_services", "a13", "1", staff_id="s9", service_id="v9"),
            put("appointments", "a13", customer_id="c8"),
            put("sale_lines", "t7", "2", item_id="p9"),
        ],
        [
            put("staff", "s9"),
            put("services", "v9"),
            put("products", "p9"),
            put("customers", "c8", created_at=instant(-3)),
        ],
    ),
    "a place is deleted, and the last of a kind of rows": then(
        [put("locations", "l2", deleted_at=instant(-1))],
        [
            put("memberships", "m1", deleted_at=instant(-1)),
            put("campaign_sends", "n1-1", deleted_at=instant(-1)),
        ],
    ),
    "the last points, cards and shifts are deleted": then(
        [
            *(put("loyalty_accounts", name, deleted_at=instant(-1)) for name in ("b1", "b2")),
            *(
                put("gift_card_events", name, deleted_at=instant(-1))
                for name in ("g1-1", "g1-2", "g2-1")
            ),
        ],
        [put("staff_shifts", name, deleted_at=instant(-1)) for name in ("h1", "h2")],
    ),
    "only a ticket for work of another day was closed in a month": then(
        [
            put("appointments", "a13", start_at=instant(-180), created_at=instant(-300)),
            put("appointment_services", "a13", "1"),
            put("sales", "t10", appointment_id="a13", closed_at=instant(-300)),
            put("sale_lines", "t10", "1"),
        ],
        [put("sales", "t10", closed_at=instant(-270))],
    ),
    "a place that is gone sells on, by the clock of nobody": then(
        [put("locations", "l2", deleted_at=instant(-1))],
        [
            # In Berlin, where days begin at three, it is still the day before.
            put("sales", "t10", location_id="l2", closed_at=instant(-3, 10.5), created_at=""),
            put("sale_lines", "t10", "1"),
        ],
    ),
    "an outdated row changes nothing": then(
        [put("appointments", "a1", outdated=True, status="no_show")],
        [put("customers", "c1", outdated=True, customer_type="test")],
    ),
    "rows are deleted in an hour that is still ahead": then(
        [
            put("appointments", "a6", deleted_at=instant(0, 1.5)),
            put("payments", "y7", deleted_at=instant(0, 9)),
        ]
    ),
}

DAYS = tuple(hour(timedelta(days=days)) for days in (0.5, 1, 1.5, 2, 3, 10, 32, 33, 62, 93, 367))
BACK = tuple(hour(timedelta(days=days)) for days in (-1, 2, -40, 0.1))
CLOCK_MOVES: dict[str, History] = {
    "nothing is sent while days, months, expiries and life cycles pass": DAYS,
    "the clock is turned back": BACK,
}
assert day(0) == "2026-03-30", "the named changes are about the days around a month's end"
