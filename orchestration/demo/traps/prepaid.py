"""Traps in what is paid first and used later: gift cards, packages, memberships.

Put here liabilities. Do not put here points (points.py) nor ordinary tickets (tickets.py).
"""

from __future__ import annotations

from datetime import timedelta

from orchestration.demo.traps.people import profile
from orchestration.demo.traps.planter import COAST, NIGHT, Planter, Row, service


def plant_prepaid(plant: Planter) -> None:
    """Plant every trap of this module."""
    _gift_card(plant)
    _package(plant)
    _membership(plant)


def _gift_card(plant: Planter) -> None:
    """Sold to one client, used up by another over two tickets: revenue once, when used."""
    profile(plant, "", "trap-giver")
    profile(plant, "", "trap-given")
    trap = "gift_card_sold_then_redeemed"
    sale = [{"line_type": "gift_card", "item_id": "trap-card", "gross_amount": 10_000}]
    plant.ticket(trap, "trap-card-sold", plant.at(100, "15:00"), sale, customer_id="trap-giver")
    used: Row = {"tender_type": "gift_card", "gift_card_id": "trap-card"}
    plant.ticket(
        trap,
        "trap-card-used-1",
        plant.at(90, "15:00"),
        [service(6000)],
        customer_id="trap-given",
        tenders=[used | {"amount": 6780}],
    )
    rest = [used | {"amount": 3220}, {"tender_type": "card", "amount": 3560}]
    plant.ticket(
        trap,
        "trap-card-used-2",
        plant.at(85, "15:00"),
        [service(6000)],
        tenders=rest,
        customer_id="trap-given",
    )
    for number, (kind, amount, days, sold) in enumerate(
        (
            ("activate", 10_000, 100, "trap-card-sold"),
            ("redeem", -6780, 90, "trap-card-used-1"),
            ("redeem", -3220, 85, "trap-card-used-2"),
        ),
        start=1,
    ):
        plant.add(
            trap,
            "gift_card_events",
            gift_card_event_id=f"trap-card-{number}",
            gift_card_id="trap-card",
            location_id="l1",
            customer_id="trap-given",
            sale_id=sold,
            event_type=kind,
            amount=amount,
            occurred_at=plant.at(days, "15:01"),
        )
    for number, (kind, amount, days) in enumerate(
        (("import", 4000, 120), ("adjust", -500, 110), ("expire", -3500, 20)), start=1
    ):
        plant.add(
            "gift_card_expired",
            "gift_card_events",
            gift_card_event_id=f"trap-lapsed-{number}",
            gift_card_id="trap-lapsed",
            location_id="l1",
            event_type=kind,
            amount=amount,
            occurred_at=plant.at(days, "12:00"),
        )


def _package(plant: Planter) -> None:
    """Three sessions for 100.00, used at three places: 33.34, then 33.33, then in other dollars."""
    profile(plant, "", "trap-series")
    trap = "package_sold_then_used"
    plant.add(
        trap,
        "packages",
        package_id="trap-series",
        customer_id="trap-series",
        location_id="l1",
        sale_id="trap-series-sold",
        service_id="s01",
        name="3 x Cut",
        sessions=3,
        price=10_000,
        sold_at=plant.at(75, "15:00"),
        expires_at=plant.at(-200, "15:00"),
    )
    sold = [{"line_type": "package", "item_id": "trap-series", "gross_amount": 10_000}]
    plant.ticket(trap, "trap-series-sold", plant.at(75, "15:00"), sold, customer_id="trap-series")
    for number, days, location in ((1, 68, "l1"), (2, 61, NIGHT), (3, 54, COAST)):
        key = f"trap-series-{number}"
        at = plant.at(days, "15:00", location)
        plant.booking(trap, key, at - timedelta(hours=1), customer="trap-series", location=location)
        plant.add(
            "",
            "package_redemptions",
            package_redemption_id=key,
            package_id="trap-series",
            appointment_id=key,
            location_id=location,
            staff_id="st0001",
            redeemed_at=at,
        )
        line = service(
            6000,
            discount_amount=6000,
            discount_type="package",
            package_redemption_id=key,
            appointment_service_id="1",
        )
        plant.ticket(
            trap, key, at, [line], location=location, customer_id="trap-series", appointment_id=key
        )


def _membership(plant: Planter) -> None:
    """Left because a payment failed; notice given, still running."""
    for key, reason, ended in (
        ("trap-unpaid", "payment_failed", 30),
        ("trap-notice", "moved", -20),
    ):
        profile(plant, "membership_ends", key)
        plant.add(
            "membership_ends",
            "memberships",
            membership_id=key,
            customer_id=key,
            location_id="l1",
            plan_name="Glow Club",
            price=3900,
            billing_interval="month",
            status="cancelled" if ended > 0 else "active",
            cancellation_reason=reason,
            started_at=plant.at(150, "09:00"),
            cancelled_at=plant.at(32, "09:00"),
            ended_at=plant.at(ended, "09:00"),
        )
