"""Traps on tickets: days, discounts, returns, rounding, lines for others.

Put here what was sold. Do not put here how it was paid (tenders.py), refunds (refunds.py) nor
prepaid things (prepaid.py).
"""

from __future__ import annotations

from orchestration.demo.traps.people import profile
from orchestration.demo.traps.planter import COAST, NIGHT, Planter, product, service


def plant_tickets(plant: Planter) -> None:
    """Plant every trap of this module."""
    profile(plant, "", "trap-buyer")
    _days(plant)
    _discounts(plant)
    _lines(plant)
    _kinds(plant)


def _days(plant: Planter) -> None:
    """After midnight in a place that closes at 02:00, at its very cut-off, and late on the last."""
    for key, clock in (("trap-0130", "01:30"), ("trap-0159", "01:59"), ("trap-0200", "02:00")):
        plant.ticket(
            "after_midnight",
            key,
            plant.at(46, clock, NIGHT),
            [service(3800)],
            location=NIGHT,
            customer_id="trap-buyer",
        )
    days = plant.at(0, "00:00").day
    for location in ("l1", COAST):
        month_end = plant.at(days, "23:30", location)
        plant.ticket(
            "month_end_2330",
            f"trap-month-end-{location}",
            month_end,
            [service(6000)],
            location=location,
            customer_id="trap-buyer",
        )


def _discounts(plant: Planter) -> None:
    """Every kind of discount; a comp leaves a ticket of nothing, which is still a visit."""
    lines = [
        service(10_000, discount_amount=1500, discount_type="coupon", discount_code="WELCOME15"),
        service(6000, discount_amount=600, discount_type="membership"),
        service(3500, discount_amount=1000, discount_type="loyalty"),
        product(2650, discount_amount=500, discount_type="manual"),
        product(2650, discount_amount=2650, discount_type="comp"),
        product(2650, discount_amount=265),
    ]
    plant.ticket(
        "discounts", "trap-discounts", plant.at(47, "15:00"), lines, customer_id="trap-buyer"
    )
    free = [service(6000, discount_amount=6000, discount_type="comp")]
    profile(plant, "comp_only", "trap-comp")
    plant.ticket("comp_only", "trap-comp", plant.at(48, "15:00"), free, customer_id="trap-comp")


def _lines(plant: Planter) -> None:
    """Half cents that add up, half units, lines for another client, lines without an item."""
    halves = [make(1000, tax_amount=5_000) for make in (service, product, product)]
    family = [service(6000), service(3800, customer_id="trap-child")]
    exchange = [product(-2650, quantity=-1), product(3900, item_id="p03")]
    profile(plant, "line_for_another_client", "trap-child")
    for trap, key, days, lines in (
        ("tax_rounds_per_ticket", "trap-halves", 49, halves),
        ("fractional_quantity", "trap-half-unit", 50, [product(1325, quantity=0.5)]),
        ("line_for_another_client", "trap-family", 51, family),
        ("line_without_item", "trap-no-item", 52, [service(5000, item_id=None, staff_id=None)]),
        ("return_line", "trap-exchange", 53, exchange),
    ):
        plant.ticket(trap, key, plant.at(days, "15:00"), lines, customer_id="trap-buyer")


def _kinds(plant: Planter) -> None:
    """Retail only, a visit that nobody booked, a service charge, a no-show fee."""
    for trap, key, days, lines in (
        ("retail_only_client", "trap-retail", 55, [product(2650)]),
        ("unbooked_visit", "trap-unbooked", 56, [service(6000)]),
    ):
        profile(plant, trap, key)
        plant.ticket(trap, key, plant.at(days, "15:00"), lines, customer_id=key)
    charge = {"line_type": "service_charge", "gross_amount": 684}
    plant.ticket(
        "service_charge",
        "trap-charge",
        plant.at(54, "21:00", NIGHT),
        [service(3800), charge],
        location=NIGHT,
        customer_id="trap-buyer",
    )
    plant.booking(
        "no_show_fee",
        "trap-fee",
        plant.at(57, "15:00"),
        customer="trap-buyer",
        status="no_show",
    )
    plant.ticket(
        "no_show_fee",
        "trap-fee",
        plant.at(57, "16:00"),
        [{"line_type": "fee", "gross_amount": 2500, "description": "No-show fee"}],
        customer_id="trap-buyer",
        appointment_id="trap-fee",
    )
