"""Histories that once made public tables differ from a rebuild, as small as they could be made.

Put here what random histories found, under a sentence that says what it is about.
"""

from __future__ import annotations

from tests.proof.changes import then
from tests.proof.steps import History, day, instant, put

# Nobody sold anything on its day, which is after all days of its place's ledger.
CALLED_OFF = [
    put(
        "appointments", "a13", location_id="l2", status="cancelled_by_customer",
        start_at=instant(-200), cancelled_at=instant(-201),
    ),
    put("appointment_services", "a13", "1", staff_id="s2"),
]  # fmt: skip
SOLD_LATER = [
    put("sales", "t10", location_id="l2", created_at=instant(-100), closed_at=instant(-100)),
    put("sale_lines", "t10", "1"),
]

REGRESSIONS: dict[str, History] = {
    "a test's ticket comes back with its payments and refunds": then(
        [put("sales", "t7", customer_id="c6")], [put("sales", "t7", customer_id="c3")]
    ),
    "a test's account comes back with its points": then(
        [put("loyalty_accounts", "b2", customer_id="c6")],
        [put("loyalty_accounts", "b2", customer_id="c3")],
    ),
    "a booking handed to a test takes unknown names with it": then(
        [put("appointment_services", "a6", "1", service_id="v9", staff_id="s9")],
        [put("appointments", "a6", customer_id="c6")],
    ),
    "an unknown referrer is merged into a client": then(
        [put("customers", "c4", referred_by_customer_id="c9")],
        [put("customer_merges", "c9", to_customer_id="c2")],
    ),
    "an unknown referrer becomes known": then(
        [put("customers", "c4", referred_by_customer_id="c8")], [put("customers", "c8")]
    ),
    "a ticket of long ago begins the ledger of its place": then(
        [
            put("sales", "t10", created_at=instant(-365), closed_at=instant(-365)),
            put("sale_lines", "t10", "1"),
        ]
    ),
    "a person whom bookings name is deleted": then([put("staff", "s2", deleted_at=instant(-2))]),
    "a ticket moves by its closing time and not by its day": then(
        [put("sales", "t1", created_at="", closed_at=instant(-366, 0.5), sale_date=day(-60))]
    ),
    "a ledger goes on beyond a day of which a booking was called off": then(CALLED_OFF, SOLD_LATER),
    "a ledger ends before a day of which a booking was called off": then(
        [*CALLED_OFF, *SOLD_LATER], [put("sales", "t10", deleted_at=instant(-1))]
    ),
}
