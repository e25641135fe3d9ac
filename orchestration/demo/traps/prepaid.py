"""Traps in what is paid first and used later: gift cards, packages, memberships.

Put here liabilities. Do not put here points (points.py) nor ordinary tickets (tickets.py).
"""

from __future__ import annotations

from datetime import timedelta

from orchestration.demo.traps.people import profile
from orchestration.demo.traps.planter import COAST, NIGHT, Planter, Row, service

PAID: Row = {"discount_amount": 6000, "discount_type": "package"}


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
    sale = {"line_type": "gift_card", "item_id": "trap-card", "gross_amount": 10_000}
    used: Row = {"tender_type": "gift_card", "gift_card_id": "trap-card"}
    rest: Row = {"tender_type": "card", "amount": 3560}
    for key, customer, days, line, tenders in (
        ("trap-card-sold", "trap-giver", 100, sale, None),
        ("trap-card-used-1", "trap-given", 90, service(6000), [used | {"amount": 6780}]),
        ("trap-card-used-2", "trap-given", 85, service(6000), [used | {"amount": 3220}, rest]),
    ):
        at = plant.at(days, "15:00")
        plant.ticket(trap, key, at, [line], customer_id=customer, tenders=tenders)
    for key, kind, amount, days in (
        ("trap-card-sold", "activate", 10_000, 100),
        ("trap-card-used-1", "redeem", -6780, 90),
        ("trap-card-used-2", "redeem", -3220, 85),
    ):
        _card_event(plant, trap, "trap-card", kind, amount, days, sale_id=key)
    for kind, amount, days in (("import", 4000, 120), ("adjust", -500, 110), ("expire", -3500, 20)):
        _card_event(plant, "gift_card_expired", "trap-lapsed", kind, amount, days)


def _card_event(  # noqa: PLR0913 - an event is as long as that
    plant: Planter, trap: str, card: str, kind: str, amount: int, days: int, **columns: str
) -> None:
    plant.add(
        trap,
        "gift_card_events",
        gift_card_event_id=f"{card}-{kind}-{days}",
        gift_card_id=card,
        location_id="l1",
        event_type=kind,
        amount=amount,
        occurred_at=plant.at(days, "15:01"),
        **columns,
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
        line = service(6000, package_redemption_id=key, appointment_service_id="1", **PAID)
        head: Row = {"customer_id": "trap-series", "appointment_id": key}
        plant.ticket(trap, key, at, [line], location=location, **head)


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
