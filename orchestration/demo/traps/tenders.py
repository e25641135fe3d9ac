"""Traps in how tickets are paid: tenders, tickets that are no sales, other days, two currencies.

Put here payments. Do not put here what is on the tickets (tickets.py) nor refunds (refunds.py).
"""

from __future__ import annotations

from datetime import timedelta

from orchestration.demo.traps.people import profile
from orchestration.demo.traps.planter import COAST, Planter, product, service


def plant_tenders(plant: Planter) -> None:
    """Plant every trap of this module."""
    _tenders(plant)
    _no_sales(plant)
    _apart_from_booking(plant)
    _two_currencies(plant)


def _tenders(plant: Planter) -> None:
    """Split three ways, tips on card and on cash, paid too much, paid too little."""
    at = plant.at(58, "15:00")
    tenders = [
        {
            "tender_type": "card",
            "amount": 4000,
            "tip_amount": 1000,
            "tip_staff_id": "st0001",
            "processing_fee_amount": 140,
        },
        {"tender_type": "cash", "amount": 2000, "tip_amount": 500},
        {"tender_type": "wallet", "amount": 780, "processing_fee_amount": 30},
    ]
    plant.ticket(
        "split_tender", "trap-split", at, [service(6000)], tenders=tenders, customer_id="trap-buyer"
    )
    plant.ticket(
        "over_payment",
        "trap-over",
        at,
        [service(6000)],
        customer_id="trap-buyer",
        tenders=[{"tender_type": "cash", "amount": 7000}],
    )
    plant.ticket(
        "under_payment",
        "trap-under",
        at,
        [service(6000)],
        customer_id="trap-buyer",
        tenders=[{"tender_type": "cash", "amount": 5000}],
    )
    attempts = [
        {"tender_type": "card", "amount": 6780, "status": "failed"},
        {"tender_type": "card", "amount": 6780, "status": "pending"},
        {"tender_type": "card", "amount": 6780, "status": "cancelled"},
        {"tender_type": "card", "amount": 6780, "status": "completed"},
    ]
    plant.ticket(
        "payments_that_are_no_money",
        "trap-attempts",
        at,
        [service(6000)],
        tenders=attempts,
        customer_id="trap-buyer",
    )
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
    """Open, voided and deleted tickets; a deposit kept on an open one, one partly given back."""
    at = plant.at(59, "15:00")
    plant.ticket(
        "voided_ticket",
        "trap-voided",
        at,
        [service(6000)],
        status="voided",
        closed_at=None,
        customer_id="trap-buyer",
        tenders=[{"tender_type": "card", "amount": 6780}],
    )
    plant.ticket(
        "open_ticket",
        "trap-open",
        at,
        [service(6000)],
        status="open",
        closed_at=None,
        tenders=[],
        customer_id="trap-buyer",
    )
    plant.ticket(
        "deposit_on_open_ticket",
        "trap-deposit",
        at,
        [],
        status="open",
        closed_at=None,
        customer_id="trap-buyer",
        tenders=[{"tender_type": "online", "amount": 3000}],
    )
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
    gone = plant.at(58, "09:00")
    plant.ticket(
        "ticket_deleted_at_source",
        "trap-erased",
        at,
        [service(6000)],
        deleted_at=gone,
        tenders=[],
        customer_id="trap-buyer",
    )
    plant.add(
        "ticket_deleted_at_source",
        "payments",
        payment_id="trap-erased",
        sale_id="trap-erased",
        location_id="l1",
        tender_type="card",
        amount=6780,
        paid_at=at,
        deleted_at=gone,
    )


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
