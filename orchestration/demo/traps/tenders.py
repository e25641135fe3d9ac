"""Traps in how tickets are paid: tenders, tickets that are no sales, other days, two currencies.

Put here payments. Do not put here what is on the tickets (tickets.py) nor refunds (refunds.py).
"""

from __future__ import annotations

from datetime import timedelta

from orchestration.demo.traps.people import profile
from orchestration.demo.traps.planter import COAST, Planter, Row, product, service


def plant_tenders(plant: Planter) -> None:
    """Plant every trap of this module."""
    _tenders(plant)
    _no_sales(plant)
    _changed_later(plant)
    _apart_from_booking(plant)
    _came_anyway(plant)
    _two_currencies(plant)


def _tenders(plant: Planter) -> None:
    """Split three ways, tips on card and on cash, paid too much, paid too little."""
    tip = {"tip_amount": 1000, "tip_staff_id": "st0001"}
    split = [
        {"tender_type": "card", "amount": 4000, "processing_fee_amount": 140} | tip,
        {"tender_type": "cash", "amount": 2000, "tip_amount": 500},
        {"tender_type": "wallet", "amount": 780, "processing_fee_amount": 30},
    ]
    attempts = [
        {"tender_type": "card", "amount": 6780, "status": status}
        for status in ("failed", "pending", "cancelled", "completed")
    ]
    at = plant.at(58, "15:00")
    for trap, key, tenders in (
        ("split_tender", "trap-split", split),
        ("over_payment", "trap-over", [{"tender_type": "cash", "amount": 7000}]),
        ("under_payment", "trap-under", [{"tender_type": "cash", "amount": 5000}]),
        ("payments_that_are_no_money", "trap-attempts", attempts),
    ):
        plant.ticket(trap, key, at, [service(6000)], tenders=tenders, customer_id="trap-buyer")
    for key, sale in (("trap-no-sale", None), ("trap-unknown-sale", "trap-sale-of-nowhere")):
        plant.add(
            "payment_without_known_sale",
            "payments",
            payment_id=key,
            sale_id=sale,
            location_id="l1",
            tender_type="card",
            amount=4321,
            tip_amount=100,
            paid_at=at,
        )


def _no_sales(plant: Planter) -> None:
    """Open, voided and deleted tickets; a deposit kept on an open one, partly given back."""
    at, gone = plant.at(59, "15:00"), plant.at(58, "09:00")
    card: Row = {"tender_type": "card", "amount": 6780}
    deposit = {"tender_type": "online", "amount": 3000}
    unfinished = {"status": "open", "closed_at": None}
    voided = {"status": "voided", "closed_at": None}
    one = [service(6000)]
    for trap, key, lines, tenders, more in (
        ("voided_ticket", "trap-voided", one, [card], voided),
        ("open_ticket", "trap-open", one, [], unfinished),
        ("deposit_on_open_ticket", "trap-deposit", [], [deposit], unfinished),
        ("ticket_deleted_at_source", "trap-erased", one, [], {"deleted_at": gone}),
    ):
        plant.ticket(trap, key, at, lines, tenders=tenders, customer_id="trap-buyer", **more)
    plant.add(
        "deposit_on_open_ticket",
        "refunds",
        refund_id="trap-deposit",
        payment_id="trap-deposit-1",
        sale_id="trap-deposit",
        location_id="l1",
        amount=1000,
        refunded_at=at + timedelta(days=2),
    )
    plant.add(
        "ticket_deleted_at_source",
        "payments",
        payment_id="trap-erased",
        sale_id="trap-erased",
        location_id="l1",
        paid_at=at,
        deleted_at=gone,
        **card,
    )


def _changed_later(plant: Planter) -> None:
    """The tip was added to the payment an hour after it was taken."""
    at = plant.at(62, "15:00")
    tender = {"tender_type": "card", "amount": 6780, "tip_amount": 1000, "version": 2}
    plant.ticket(
        "tip_added_later",
        "trap-tip-later",
        at,
        [service(6000)],
        tenders=[tender | {"updated_at": at + timedelta(hours=1)}],
        customer_id="trap-buyer",
    )
    final = plant.rows["payments"][-1]
    first = {"version": 1, "tip_amount": None, "updated_at": final["paid_at"]}
    plant.before["payments"].append(final | first)


def _apart_from_booking(plant: Planter) -> None:
    """Paid ten days before the visit, the day after it, and before a visit still to come."""
    for key, visit, paid in (
        ("trap-prepaid", 20, 30),
        ("trap-paid-later", 65, 64),
        ("trap-paid-ahead", -20, 3),
    ):
        profile(plant, "paid_on_another_day", key)
        plant.booking(
            "paid_on_another_day",
            key,
            plant.at(visit, "13:00"),
            customer=key,
            created_at=plant.at(max(visit, 0) + 35, "09:00"),
        )
        lines = [service(6000, appointment_service_id="1"), product(2650)]
        plant.ticket(
            "paid_on_another_day",
            key,
            plant.at(paid, "18:00"),
            lines,
            customer_id=key,
            appointment_id=key,
        )


def _came_anyway(plant: Planter) -> None:
    """Called off, yet served two days later on its ticket: the ticket's day counts."""
    trap, key = "ticket_of_cancelled_booking", "trap-came-anyway"
    profile(plant, trap, key)
    booked = plant.at(67, "13:00")
    cancelled: Row = {"status": "cancelled_by_customer", "cancelled_at": booked - timedelta(days=3)}
    plant.booking(trap, key, booked, customer=key, **cancelled)
    head = {"customer_id": key, "appointment_id": key}
    plant.ticket(trap, key, plant.at(65, "13:00"), [service(6000)], tenders=None, **head)


def _two_currencies(plant: Planter) -> None:
    """As many tickets in Toronto as in Los Angeles: dollars of two kinds are never added."""
    profile(plant, "client_with_two_currencies", "trap-traveller")
    for key, days, location in (("trap-cad", 70, "l1"), ("trap-usd", 71, COAST)):
        plant.ticket(
            "client_with_two_currencies",
            key,
            plant.at(days, "15:00", location),
            [service(6000), product(2650)],
            location=location,
            customer_id="trap-traveller",
        )
