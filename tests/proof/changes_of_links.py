"""Rows that name other rows: what one of them becomes, the others become with it.

Put here changes that reach a row over another. Do not put here changes of one row (changes.py).
"""

from __future__ import annotations

from tests.proof.changes import then
from tests.proof.steps import History, instant, put

LINKS: dict[str, History] = {
    "a ticket shares its session with one that is still open": then(
        [
            put("sale_lines", "t9", "1", package_redemption_id="d1"),
            put(
                "sale_lines",
                "t4",
                "1",
                package_redemption_id="d1",
                discount_amount="40",
                discount_type="package",
            ),
        ],
        [put("sales", "t9", status="closed", closed_at=instant(0, 1.2))],
    ),
    "a package that pays for a line changes its price and place": then(
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
        [put("packages", "k1", price="120", location_id="l2")],
    ),
    "a package that pays for a line belongs to a test for an hour": then(
        [
            put(
                "sale_lines",
                "t4",
                "1",
                package_redemption_id="d1",
                discount_amount="40",
                discount_type="package",
            ),
            put("packages", "k1", customer_id="c6"),
        ],
        [put("packages", "k1", customer_id="c1")],
    ),
    "a line names a session that is known later": then(
        [
            put(
                "sale_lines",
                "t1",
                "1",
                package_redemption_id="d3",
                discount_amount="40",
                discount_type="package",
            )
        ],
        [put("package_redemptions", "d3", package_id="k1")],
    ),
    "a session names a package that is known later": then(
        [
            put(
                "sale_lines",
                "t1",
                "1",
                package_redemption_id="d3",
                discount_amount="40",
                discount_type="package",
            ),
            put("package_redemptions", "d3", package_id="k3"),
        ],
        [put("packages", "k3")],
    ),
    "a sold package changes its sessions": then(
        [put("sale_lines", "t8", "1", line_type="package", item_id="k1", gross_amount="90")],
        [put("packages", "k1", sessions="5")],
    ),
    "a sold card is activated later": then(
        [put("sale_lines", "t8", "1", line_type="gift_card", item_id="g3", gross_amount="25")],
        [put("gift_card_events", "g3-1", gift_card_id="g3", sale_id="t8", event_type="activate")],
    ),
    "a sold package changes its owner and place": then(
        [put("sale_lines", "t8", "1", line_type="package", item_id="k1", gross_amount="90")],
        [put("packages", "k1", customer_id="c4", location_id="l2")],
    ),
    "the ticket that used a card is voided for an hour": then(
        [put("sales", "t5", status="voided")], [put("sales", "t5", status="closed")]
    ),
    "a payment turns out to be by card, and the card is never sold": then(
        [put("payments", "y1", tender_type="gift_card", gift_card_id="g1")],
        [put("gift_card_events", "g1-1", deleted_at=instant(-1))],
    ),
    "a first visit is called off and the second deleted": then(
        [put("appointments", "a1", status="cancelled_by_business", cancelled_at=instant(-160))],
        [put("appointments", "a2", deleted_at=instant(-1))],
    ),
    "a booking with a ticket is deleted for an hour": then(
        [put("appointments", "a6", deleted_at=instant(-1))],
        [put("appointments", "a6", deleted_at="")],
    ),
    "a ticket finds another booking and loses it": then(
        [put("sales", "t1", appointment_id="a2")], [put("sales", "t1", appointment_id="")]
    ),
    "a line finds its service, which is then another": then(
        [put("sale_lines", "t1", "1", appointment_service_id="1")],
        [put("appointment_services", "a1", "1", service_id="v2", staff_id="s2")],
    ),
    "a line is for another client, and refunded": then(
        [put("sale_lines", "t1", "1", customer_id="c4")],
        [put("refunds", "r4", payment_id="y1", sale_id="t1", sale_line_id="1")],
    ),
    "a line is deleted for an hour": then(
        [put("sale_lines", "t1", "1", deleted_at=instant(-1))],
        [put("sale_lines", "t1", "1", deleted_at="")],
    ),
    "two profiles are merged into each other": then(
        [
            put("customer_merges", "c1", to_customer_id="c2"),
            put("customer_merges", "c2", to_customer_id="c1"),
        ],
        [put("customer_merges", "c2", unmerged_at=instant(-1))],
    ),
    "a client is merged into a test for an hour": then(
        [put("customer_merges", "c3", to_customer_id="c6")],
        [put("customer_merges", "c3", unmerged_at=instant(-1))],
    ),
    "a profile is deleted for an hour": then(
        [put("customers", "c1", deleted_at=instant(-1))], [put("customers", "c1", deleted_at="")]
    ),
    "a booking names an unknown place for an hour": then(
        [put("appointments", "a6", location_id="l9")], [put("appointments", "a6", location_id="l1")]
    ),
    "a client brings another who then comes": then(
        [put("customers", "c8", referred_by_customer_id="c2")],
        [put("appointments", "a13", customer_id="c8"), put("appointment_services", "a13", "1")],
    ),
    "a ticket moves to another place, its payment later": then(
        [put("sales", "t7", location_id="l2")], [put("payments", "y7", location_id="l2")]
    ),
    "an unknown client of an open ticket is merged": then(
        [put("sales", "t9", customer_id="c9")], [put("customer_merges", "c9", to_customer_id="c2")]
    ),
    "an unknown owner of points is merged": then(
        [
            put("loyalty_accounts", "b3", customer_id="c9"),
            put("loyalty_events", "e5", loyalty_account_id="b3"),
        ],
        [put("customer_merges", "c9", to_customer_id="c2")],
    ),
    "an unknown profile of a person is merged": then(
        [put("staff", "s2", customer_id="c9")], [put("customer_merges", "c9", to_customer_id="c2")]
    ),
    "a ticket is deleted for an hour": then(
        [put("sales", "t7", deleted_at=instant(-1))], [put("sales", "t7", deleted_at="")]
    ),
    "a ticket of an unknown place finds its place": then(
        [
            put("sales", "t10", location_id="l9"),
            put("sale_lines", "t10", "1"),
            put("payments", "y10", sale_id="t10", location_id="l9"),
        ],
        [
            put("sales", "t10", location_id="l1"),
            put("payments", "y10", sale_id="t10", location_id="l1"),
        ],
    ),
    "a ticket and then its booking move to another place": then(
        [put("sales", "t3", location_id="l2")],
        [put("appointments", "a3", location_id="l2", start_at=instant(-92))],
    ),
    "a ticket belongs to a walk-in for an hour": then(
        [put("sales", "t7", customer_id="c5")], [put("sales", "t7", customer_id="c3")]
    ),
    "a booking belongs to a test for an hour": then(
        [put("appointments", "a6", customer_id="c6")], [put("appointments", "a6", customer_id="c2")]
    ),
    "a payment belongs to an open ticket for an hour": then(
        [put("payments", "y7", sale_id="t9")], [put("payments", "y7", sale_id="t7")]
    ),
    "a refund follows its payment to another ticket": then(
        [put("refunds", "r4", payment_id="y1")], [put("payments", "y1", sale_id="t2")]
    ),
    "a refund names a payment that is known later": then(
        [put("refunds", "r4", payment_id="y10")], [put("payments", "y10", sale_id="t7")]
    ),
    "a ticket is open again for an hour": then(
        [put("sales", "t7", status="open", closed_at="")],
        [put("sales", "t7", status="closed", closed_at=instant(-40))],
    ),
    "a booking of a ticket at another place is known later": then(
        [put("sales", "t4", appointment_id="a13", location_id="l2")],
        [
            put("appointments", "a13", start_at=instant(-33)),
            put("appointment_services", "a13", "1"),
        ],
    ),
    "the first of two bookings of a day is missed": then(
        [put("appointments", "a13", customer_id="c1", start_at=instant(-31, 1))],
        [put("appointments", "a5", status="no_show")],
    ),
    "the booking of a day with a ticket is deleted": then(
        [
            put(
                "sales", "t10", customer_id="c1", closed_at=instant(-31, 2), created_at=instant(-31)
            ),
            put("sale_lines", "t10", "1"),
        ],
        [put("appointments", "a5", deleted_at=instant(-1))],
    ),
    "a walk-in's booking finds its ticket": then(
        [put("appointments", "a12", start_at=instant(-12))],
        [put("sales", "t8", appointment_id="a12")],
    ),
    "a chain of merges is made from its middle": then(
        [put("customer_merges", "c2", to_customer_id="c3")],
        [put("customer_merges", "c3", to_customer_id="c1")],
    ),
    "a chain of merges breaks at its end": then(
        [put("customer_merges", "c3", to_customer_id="c1")],
        [put("customer_merges", "c3", unmerged_at=instant(-1))],
    ),
    "a client was referred by a profile merged into them": then(
        [put("customers", "c3", referred_by_customer_id="c7")],
        [put("customer_merges", "c7", unmerged_at=instant(-1))],
    ),
    "a source no longer says who called a booking off": then(
        [put("appointments", "a10", status="cancelled")],
        [put("appointments", "a9", status="cancelled")],
    ),
    "a payment that names an unknown place fails": then(
        [put("payments", "y9", location_id="l9")], [put("payments", "y9", status="failed")]
    ),
    "a tip names an unknown person for an hour": then(
        [put("payments", "y1", tip_staff_id="s9")], [put("payments", "y1", tip_staff_id="")]
    ),
    "an unknown client turns out to be a test for an hour": then(
        [
            put("customers", "c9", customer_type="test"),
            put("appointments", "a13", customer_id="c9"),
        ],
        [put("customers", "c9", customer_type="")],
    ),
}
