"""Traps in refunds: years late, by amount, unlinked, elsewhere, of a gift card, not completed.

Put here money given back. Do not put here return lines on tickets (tickets.py).
"""

from __future__ import annotations

from typing import Any

from orchestration.demo.traps.people import profile
from orchestration.demo.traps.planter import COAST, Planter, product, service

LONG_AGO = 430


def plant_refunds(plant: Planter) -> None:
    """Plant every trap of this module."""
    profile(plant, "", "trap-refunded")
    _late(plant)
    _unlinked(plant)
    _others(plant)
    _with_tip(plant)
    _of_gift_card(plant)


def _sale(plant: Planter, trap: str, key: str, days: int = 80) -> int:
    lines = [service(10_000), product(5000)]
    return plant.ticket(trap, key, plant.at(days, "15:00"), lines, customer_id="trap-refunded")


def _refund(plant: Planter, trap: str, key: str, amount: int, days: int, **columns: Any) -> None:
    defaults: dict[str, Any] = {"sale_id": key, "payment_id": f"{key}-1", "location_id": "l1"}
    plant.add(
        trap,
        "refunds",
        refund_id=columns.pop("refund_id", key),
        amount=amount,
        refunded_at=plant.at(days, "12:00"),
        **(defaults | columns),
    )


def _late(plant: Planter) -> None:
    """More than a year after the sale: one by line, one by amount without saying the tax."""
    _sale(plant, "late_refund", "trap-late-line", LONG_AGO)
    _refund(plant, "late_refund", "trap-late-line", 11_300, 15, sale_line_id="1", tax_amount=1300)
    _sale(plant, "late_refund", "trap-late-amount", LONG_AGO)
    _refund(plant, "late_refund", "trap-late-amount", 3390, 14)
    _sale(plant, "refund_by_amount", "trap-by-amount")
    _refund(plant, "refund_by_amount", "trap-by-amount", 5650, 60)
    _sale(plant, "refund_in_parts", "trap-parts")
    for number, amount in ((1, 11_300), (2, 3000), (3, 2650)):
        _refund(
            plant,
            "refund_in_parts",
            "trap-parts",
            amount,
            60 - number,
            refund_id=f"trap-parts-{number}",
        )


def _unlinked(plant: Planter) -> None:
    """No payment and no ticket; a payment but no ticket; a ticket but no payment."""
    nowhere = {"sale_id": None, "payment_id": None}
    _refund(
        plant,
        "unlinked_refund",
        "trap-unlinked",
        2500,
        40,
        customer_id="trap-refunded",
        tender_type="cash",
        **nowhere,
    )
    _refund(
        plant,
        "unlinked_refund",
        "trap-unlinked-tax",
        1130,
        41,
        tax_amount=130,
        tender_type="cash",
        **nowhere,
    )
    _sale(plant, "refund_by_payment_only", "trap-by-payment")
    _refund(plant, "refund_by_payment_only", "trap-by-payment", 1695, 61, sale_id=None)
    _sale(plant, "refund_by_ticket_only", "trap-by-ticket")
    _refund(plant, "refund_by_ticket_only", "trap-by-ticket", 1695, 62, payment_id=None)


def _others(plant: Planter) -> None:
    """Not completed; at another place; settling a return ticket instead of a second return."""
    for status in ("pending", "rejected", "failed"):
        _sale(plant, "refund_not_completed", f"trap-{status}")
        _refund(plant, "refund_not_completed", f"trap-{status}", 1130, 63, status=status)
    trap, key = "return_ticket_settled_by_refund", "trap-return"
    back = [product(-5000, quantity=-1, item_id="p03")]
    plant.ticket(trap, key, plant.at(66, "15:00"), back, customer_id="trap-refunded")
    _refund(plant, trap, key, 5650, 66, payment_id=None, tender_type="cash")
    trap, key = "refund_on_another_day", "trap-other-month"
    plant.ticket(
        trap,
        key,
        plant.at(95, "15:00", COAST),
        [service(10_000)],
        location=COAST,
        customer_id="trap-refunded",
    )
    _refund(plant, trap, key, 10_000, 60, location_id=COAST, sale_line_id="1", tax_amount=0)


def _with_tip(plant: Planter) -> None:
    """The tip and the processing fee given back as well."""
    trap, key = "refund_with_tip", "trap-tip-back"
    card = {"tender_type": "card", "amount": 11_300}
    paid = card | {"tip_amount": 2000, "processing_fee_amount": 356}
    plant.ticket(
        trap,
        key,
        plant.at(80, "16:00"),
        [service(10_000)],
        tenders=[paid],
        customer_id="trap-refunded",
    )
    back = {"tip_amount": 2000, "processing_fee_amount": -356, "tax_amount": 1300}
    _refund(plant, trap, key, 11_300, 64, sale_line_id="1", **back)


def _of_gift_card(plant: Planter) -> None:
    """A gift card taken back: no return of goods, and nothing left on the card."""
    trap, key = "refund_of_gift_card", "trap-returned-card"
    card = [{"line_type": "gift_card", "item_id": "trap-returned", "gross_amount": 5000}]
    plant.ticket(trap, key, plant.at(80, "17:00"), card, customer_id="trap-refunded")
    _refund(plant, trap, key, 5000, 65, sale_line_id="1", tax_amount=0)
    for kind, amount, days in (("activate", 5000, 80), ("deactivate", -5000, 65)):
        plant.add(
            trap,
            "gift_card_events",
            gift_card_event_id=f"trap-returned-{kind}",
            gift_card_id="trap-returned",
            location_id="l1",
            customer_id="trap-refunded",
            sale_id=key,
            event_type=kind,
            amount=amount,
            occurred_at=plant.at(days, "17:00"),
        )
