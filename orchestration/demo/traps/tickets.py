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
    halves = [
        service(1000, tax_amount=5_000),
        product(1000, tax_amount=5_000),
        product(1000, tax_amount=5_000),
    ]
    plant.ticket(
        "tax_rounds_per_ticket",
        "trap-halves",
        plant.at(49, "15:00"),
        halves,
        customer_id="trap-buyer",
    )
    plant.ticket(
        "fractional_quantity",
        "trap-half-unit",
        plant.at(50, "15:00"),
        [product(1325, quantity=0.5)],
        customer_id="trap-buyer",
    )
    profile(plant, "line_for_another_client", "trap-child")
    family = [service(6000), service(3800, customer_id="trap-child")]
    plant.ticket(
        "line_for_another_client",
        "trap-family",
        plant.at(51, "15:00"),
        family,
        customer_id="trap-buyer",
    )
    plant.ticket(
        "line_without_item",
        "trap-no-item",
        plant.at(52, "15:00"),
        [service(5000, item_id=None, staff_id=None)],
        customer_id="trap-buyer",
    )
    exchange = [product(-2650, quantity=-1), product(3900, item_id="p03")]
    plant.ticket(
        "return_line", "trap-exchange", plant.at(53, "15:00"), exchange, customer_id="trap-buyer"
    )
    plant.ticket(
        "service_charge",
        "trap-charge",
        plant.at(54, "21:00", NIGHT),
        [service(3800), {"line_type": "service_charge", "gross_amount": 684}],
        location=NIGHT,
        customer_id="trap-buyer",
    )
    profile(plant, "retail_only_client", "trap-retail")
    plant.ticket(
        "retail_only_client",
        "trap-retail",
        plant.at(55, "15:00"),
        [product(2650)],
        customer_id="trap-retail",
    )
    profile(plant, "unbooked_visit", "trap-unbooked")
    plant.ticket(
        "unbooked_visit",
        "trap-unbooked",
        plant.at(56, "15:00"),
        [service(6000)],
        customer_id="trap-unbooked",
    )
    plant.booking(
        "no_show_fee", "trap-fee", plant.at(57, "15:00"), customer="trap-buyer", status="no_show"
    )
    plant.ticket(
        "no_show_fee",
        "trap-fee",
        plant.at(57, "16:00"),
        [{"line_type": "fee", "gross_amount": 2500, "description": "No-show fee"}],
        customer_id="trap-buyer",
        appointment_id="trap-fee",
    )
