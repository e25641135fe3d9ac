"""The tiny business that every history changes: three places, a dozen clients, all kinds of rows.

Put here its rows and the names that rows may mention. Do not put here changes (edits.py).
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.proof.steps import Put, day, instant, put

# Names of rows by entity: those that are there from the start, and those that may come later.
NAMES = {
    "organizations": ([], []),
    "locations": (["l1", "l2"], ["l9"]),
    "staff": (["s1", "s2", "s3", "till"], ["s9"]),
    "staff_shifts": (["h1", "h2"], ["h3"]),
    "services": (["v1", "v2", "v3"], ["v9"]),
    "products": (["p1", "p2"], ["p9"]),
    "customers": (["c1", "c2", "c3", "c4", "c5", "c6", "c7"], ["c8", "c9"]),
    "customer_merges": (["c7"], ["c1", "c2", "c3", "c4", "c8", "c9"]),
    "appointments": ([f"a{n}" for n in range(1, 13)], ["a13", "a14"]),
    "sales": ([f"t{n}" for n in range(1, 10)], ["t10", "t11"]),
    "payments": ([f"y{n}" for n in range(1, 10)], ["y10", "y11"]),
    "refunds": (["r1", "r2", "r3"], ["r4", "r5"]),
    "gift_card_events": (["g1-1", "g1-2", "g2-1"], ["g2-2", "g3-1"]),
    "packages": (["k1", "k2"], ["k3"]),
    "package_redemptions": (["d1", "d2"], ["d3", "d4"]),
    "memberships": (["m1"], ["m2"]),
    "loyalty_accounts": (["b1", "b2"], ["b3"]),
    "loyalty_events": (["e1", "e2", "e3", "e4"], ["e5", "e6"]),
    "campaigns": (["n1"], ["n2"]),
    "campaign_sends": (["n1-1"], ["n1-2"]),
    "marketing_spend": (["w1"], ["w2"]),
    "expenses": (["x1"], ["x2"]),
}
GIFT_CARDS = ["g1", "g2", "g3"]

# What a row begins with that the source has not sent before.
DEFAULTS: dict[str, dict[str, str]] = {
    "organizations": {"name": "A business", "default_currency": "CAD"},
    "locations": {"name": "A place", "timezone": "America/Vancouver", "currency": "CAD"},
    "staff": {"name": "A person"},
    "staff_shifts": {
        "staff_id": "s1",
        "location_id": "l1",
        "scheduled_start_at": instant(-1, 3),
        "scheduled_end_at": instant(-1, 9),
    },
    "services": {"name": "A service", "category": "Cut", "price": "40", "duration_minutes": "30"},
    "products": {"name": "A product", "price": "20"},
    "catalog_prices": {"price": "45"},
    "customers": {"first_name": "A client"},
    "customer_merges": {"to_customer_id": "c5", "merged_at": instant(-3)},
    "appointments": {
        "location_id": "l1",
        "customer_id": "c1",
        "status": "confirmed",
        "start_at": instant(-2),
    },
    "appointment_services": {"service_id": "v1", "staff_id": "s1", "price": "40"},
    "sales": {
        "location_id": "l1",
        "customer_id": "c1",
        "created_at": instant(-2, -1),
        "closed_at": instant(-2),
    },
    "sale_lines": {"line_type": "service", "item_id": "v1", "gross_amount": "40"},
    "sale_line_taxes": {"tax_amount": "2"},
    "payments": {
        "location_id": "l1",
        "tender_type": "card",
        "amount": "42",
        "paid_at": instant(-2),
    },
    "refunds": {"location_id": "l1", "amount": "5", "refunded_at": instant(-1)},
    "gift_card_events": {
        "gift_card_id": "g1",
        "location_id": "l1",
        "event_type": "load",
        "amount": "25",
        "occurred_at": instant(-4),
    },
    "packages": {"location_id": "l1", "sessions": "3", "price": "90", "sold_at": instant(-20)},
    "package_redemptions": {"package_id": "k1", "redeemed_at": instant(-2)},
    "memberships": {
        "customer_id": "c1",
        "plan_name": "A plan",
        "price": "30",
        "billing_interval": "month",
        "started_at": instant(-50),
    },
    "loyalty_accounts": {"customer_id": "c1", "balance": "100", "enrolled_at": instant(-200)},
    "loyalty_events": {
        "loyalty_account_id": "b1",
        "event_type": "earn",
        "points": "50",
        "occurred_at": instant(-5),
    },
    "campaigns": {"name": "A campaign", "channel": "email"},
    "campaign_sends": {"campaign_id": "n1", "customer_id": "c2", "sent_at": instant(-8)},
    "marketing_spend": {
        "channel": "search",
        "amount": "70",
        "currency": "CAD",
        "spend_date": day(-9),
    },
    "expenses": {"category": "rent", "amount": "800", "currency": "CAD", "expense_date": day(-9)},
}


def first_rows() -> list[Put]:
    """Return the business as it is before a history begins."""
    return [*_setting(), *_people(), *_bookings(), *_tickets(), *_prepaid()]


def _setting() -> Iterator[Put]:
    yield put("organizations")
    yield put("locations", "l1", chairs="2", hours_monday="09:00-18:00")
    yield put(
        "locations", "l2", timezone="Europe/Berlin", currency="EUR", business_day_cutoff="03:00"
    )
    yield put("services", "v1")
    yield put("services", "v2", name="Another", category="Colour", price="90", cost="12")
    yield put("services", "v3", name="A third", price="15", is_add_on="true")
    yield put("products", "p1", cost="9")
    yield put("products", "p2", name="Another", price="31")
    yield put("catalog_prices", "service", "v1", instant(-300), "", price="35")
    yield put("catalog_prices", "service", "v1", instant(20), "", price="44")
    for name in ("s1", "s2", "s3"):
        yield put("staff", name, home_location_id="l1", is_active="true", hired_date=day(-400))
    yield put("staff", "till", staff_type="house")
    yield put("staff_shifts", "h1")
    yield put("staff_shifts", "h2", staff_id="s2", location_id="l2")
    yield put("campaigns", "n1", started_at=instant(-8))
    yield put("marketing_spend", "w1")
    yield put("expenses", "x1")


def _people() -> Iterator[Put]:
    since = instant(-420)
    yield put("customers", "c1", birthday="1980-04-01", email_consent="true", created_at=since)
    yield put("customers", "c2", birthday="0000-05-01", referred_by_customer_id="c1")
    yield put("customers", "c3", sms_consent="true", email="three@example.com", created_at=since)
    yield put("customers", "c4", home_location_id="l2", preferred_staff_id="s2", created_at=since)
    yield put("customers", "c5", customer_type="walk_in")
    yield put("customers", "c6", customer_type="test")
    yield put("customers", "c7", phone="604 555 0107", created_at=instant(-100))
    yield put("customer_merges", "c7", to_customer_id="c3")
    yield put("campaign_sends", "n1-1", delivered_at=instant(-8, 1))


def _bookings() -> Iterator[Put]:
    """Visits of c1 every month, of others now and then; some ahead, some missed or called off."""
    kept = {
        "a1": ("c1", -155), "a2": ("c1", -124), "a3": ("c1", -93), "a4": ("c1", -62),
        "a5": ("c1", -31), "a6": ("c2", -29), "a7": ("c4", -364), "a8": ("c7", -89),
    }  # fmt: skip
    for appointment, (customer, days) in kept.items():
        place = "l2" if customer == "c4" else "l1"
        yield put(
            "appointments", appointment, customer_id=customer, location_id=place,
            start_at=instant(days), created_at=instant(days - 5),
        )  # fmt: skip
        yield put("appointment_services", appointment, "1")
    yield put("appointments", "a9", customer_id="c2", status="no_show", start_at=instant(-10))
    yield put(
        "appointments", "a10", customer_id="c3", status="cancelled_by_customer",
        start_at=instant(-6), cancelled_at=instant(-6, -5),
    )  # fmt: skip
    yield put("appointments", "a11", customer_id="c1", start_at=instant(0, 2))
    yield put("appointments", "a12", customer_id="", start_at=instant(3))
    for appointment in ("a9", "a10", "a11"):
        yield put("appointment_services", appointment, "1", service_id="v2", staff_id="s2")
    yield put("appointment_services", "a1", "2", service_id="v3", staff_id="s3")


def _tickets() -> Iterator[Put]:
    """A paid ticket for most visits, and some of goods; each with a line, a tax and a tender."""
    sold = {
        "t1": ("c1", "a1", -155), "t2": ("c1", "a2", -124), "t3": ("c1", "a3", -93),
        "t4": ("c1", "a5", -31), "t5": ("c2", "a6", -29), "t6": ("c4", "a7", -364),
        "t7": ("c3", "", -40), "t8": ("", "", -12),
    }  # fmt: skip
    for number, (sale, (customer, appointment, days)) in enumerate(sold.items(), start=1):
        place = "l2" if customer == "c4" else "l1"
        yield put(
            "sales", sale, customer_id=customer, location_id=place, appointment_id=appointment,
            created_at=instant(days), closed_at=instant(days, 1), staff_id="till",
        )  # fmt: skip
        yield put("sale_lines", sale, "1", staff_id="s1", tax_amount="2")
        yield put(
            "payments", f"y{number}", sale_id=sale, location_id=place, customer_id=customer,
            paid_at=instant(days, 1), tip_amount="3",
        )  # fmt: skip
    goods = {"line_type": "product", "item_id": "p1", "gross_amount": "20"}
    yield put("sale_lines", "t7", "2", discount_amount="5", discount_type="coupon", **goods)
    yield put("sale_line_taxes", "t1", "1", "GST")
    yield put("sales", "t9", status="open", closed_at="", created_at=instant(0, -1))
    yield put("sale_lines", "t9", "1", staff_id="s2")
    yield put("payments", "y9", sale_id="", customer_id="c3", amount="12", tender_type="cash")
    yield put("refunds", "r1", payment_id="y5", sale_id="t5", sale_line_id="1")
    yield put("refunds", "r2", payment_id="y7", sale_id="t7")
    yield put("refunds", "r3", customer_id="c3")


def _prepaid() -> Iterator[Put]:
    yield put("gift_card_events", "g1-1", event_type="activate", customer_id="c2", amount="80")
    yield put("gift_card_events", "g1-2", event_type="redeem", amount="-30", sale_id="t5")
    yield put("gift_card_events", "g2-1", gift_card_id="g2", event_type="activate")
    yield put("packages", "k1", customer_id="c1", service_id="v1", expires_at=instant(10))
    yield put("packages", "k2", customer_id="c3", sessions="2", price="60")
    yield put("package_redemptions", "d1", appointment_id="a5", staff_id="s1", location_id="l1")
    yield put("package_redemptions", "d2", package_id="k2", location_id="l2")
    yield put("memberships", "m1", location_id="l1")
    yield put("loyalty_accounts", "b1")
    yield put("loyalty_accounts", "b2", customer_id="c7", balance="20")
    yield put("loyalty_events", "e1", sale_id="t1", expires_at=instant(1), location_id="l1")
    yield put("loyalty_events", "e2", points="-20", event_type="redeem", sale_id="t4")
    yield put("loyalty_events", "e3", points="70", sale_id="t2", expires_at=instant(40))
    yield put("loyalty_events", "e4", loyalty_account_id="b2", points="20")
