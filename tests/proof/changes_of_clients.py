"""Named histories of clients of whom something is new that leaves most of their facts as they were.

Put here what a refresh must not take from the published row, though little of the client changed.
"""

from __future__ import annotations

from datetime import timedelta

from tests.proof.changes import AN_HOUR, then
from tests.proof.steps import History, Put, hour, instant, put

A_DAY, TWO_DAYS = timedelta(days=1), timedelta(days=2)


def day_by_day(first: list[Put], second: list[Put] | None = None) -> History:
    """Write a change in the first hour and one a day later, and then a day that passes."""
    return (hour(AN_HOUR, first), hour(A_DAY, second or []), hour(TWO_DAYS))


CLIENTS: dict[str, History] = {
    "a client says whom they prefer, and then no more": then(
        [put("customers", "c2", preferred_staff_id="s3")],
        [put("customers", "c2", preferred_staff_id="")],
    ),
    "a client who bought nothing moves to another place, and books": then(
        [
            put("customers", "c8", home_location_id="l2"),
            put("appointments", "a13", customer_id="c8", start_at=instant(4)),
        ],
        [
            put("customers", "c8", home_location_id="l1"),
            put("appointments", "a13", customer_id="c8", start_at=instant(5)),
        ],
    ),
    "a client who only paid takes it back and books": then(
        [
            put("customers", "c8"),
            put("payments", "y10", customer_id="c8", location_id="l2", tender_type="cash"),
        ],
        [
            put("payments", "y10", deleted_at=instant(-1)),
            put("appointments", "a13", customer_id="c8", start_at=instant(4)),
        ],
    ),
    "the only ticket of a client is deleted while they book": then(
        [put("sales", "t6", deleted_at=instant(-1)), put("payments", "y6", deleted_at=instant(-1))],
        [put("appointments", "a13", customer_id="c4", start_at=instant(5))],
    ),
    "a client buys at two places, and books": then(
        [
            put("sales", "t10", customer_id="c3", location_id="l2"),
            put("sale_lines", "t10", "1"),
            put("sales", "t11", customer_id="c3", location_id="l2"),
            put("sale_lines", "t11", "1", line_type="product", item_id="p1"),
        ],
        [put("appointments", "a13", customer_id="c3", start_at=instant(1))],
    ),
    "a booking is called off while its client gets money back": then(
        [
            put("appointments", "a11", status="cancelled_by_customer", cancelled_at=instant(0, 1)),
            put("refunds", "r4", payment_id="y1", sale_id="t1", sale_line_id="1"),
        ],
        [put("refunds", "r4", amount="9")],
    ),
    "a line moves to a ticket of others": then(
        [put("sale_lines", "t5", "2", customer_id="c4", line_type="product", item_id="p2")],
        [put("sale_lines", "t5", "1", deleted_at=instant(-1))],
    ),
    "a visit of long ago is called off while its client books": then(
        [put("appointments", "a1", status="no_show"), put("sales", "t1", status="voided")],
        [
            put("appointments", "a13", start_at=instant(6)),
            put("appointments", "a1", status="confirmed"),
        ],
    ),
    "what was bought a year ago leaves the year": day_by_day(
        [
            put("sales", "t10", customer_id="c3", closed_at=instant(-363), created_at=""),
            put("sale_lines", "t10", "1"),
        ]
    ),
    "what was given back a year ago leaves the year": day_by_day(
        [put("refunds", "r4", payment_id="y6", sale_id="t6", refunded_at=instant(-363))]
    ),
    "somebody without a profile was only given back, a year ago": day_by_day(
        [put("refunds", "r4", customer_id="c9", refunded_at=instant(-363))],
        [put("refunds", "r5", customer_id="c9", refunded_at=instant(-2))],
    ),
    "one who missed a booking pays, and the days go on": day_by_day(
        [put("payments", "y10", customer_id="c2", tender_type="cash")],
        [put("appointments", "a9", status="confirmed")],
    ),
}
