"""Traps on tickets: discounts, returns, rounding, tenders, days, and tickets that are no sales.

Put here sales and payments. Do not put here refunds (refunds.py) nor prepaid things (prepaid.py).
"""

from __future__ import annotations

from datetime import timedelta

from orchestration.demo.traps.people import profile
from orchestration.demo.traps.planter import COAST, NIGHT, Planter, product, service


def plant_tickets(plant: Planter) -> None:
    """Plant every trap of this module."""
    profile(plant, "", "trap-buyer")
    _days(plant)
    _discounts(plant)
    _lines(plant)
    _tenders(plant)
    _no_sales(plant)
    _apart_from_booking(plant)
    _two_currencies(plant)


def _days(plant: Planter) -> None:
    """After midnight in a place that closes at 02:00, at its very cut-off, and late on the last."""
    for key, clock in (("trap-0130", "01:30"), ("trap-0159", "01:59"), ("trap-0200", "02:00")):
        plant.ticket("after_midnight", key, plant.at(46, clock, NIGHT), [service(3800)],
                     location=NIGHT, customer_id="trap-buyer")
    days = plant.at(0, "00:00").day
    for location in ("l1", COAST):
        month_end = plant.at(days, "23:30", location)
        plant.ticket("month_end_2330", f"trap-month-end-{location}", month_end, [service(6000)],
                     location=location, customer_id="trap-buyer")


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
    plant.ticket("discounts", "trap-discounts", plant.at(47, "15:00"), lines,
                 customer_id="trap-buyer")
    free = [service(6000, discount_amount=6000, discount_type="comp")]
    profile(plant, "comp_only", "trap-comp")
    plant.ticket("comp_only", "trap-comp", plant.at(48, "15:00"), free, customer_id="trap-comp")


def _lines(plant: Planter) -> None:
    """Half cents that add up, half units, lines for another client, lines without an item."""
    halves = [service(1000, tax_amount=5_000), product(1000, tax_amount=5_000),
              product(1000, tax_amount=5_000)]
    plant.ticket("tax_rounds_per_ticket", "trap-halves", plant.at(49, "15:00"), halves,
                 customer_id="trap-buyer")
    plant.ticket("fractional_quantity", "trap-half-unit", plant.at(50, "15:00"),
                 [product(1325, quantity=0.5)], customer_id="trap-buyer")
    profile(plant, "line_for_another_client", "trap-child")
    family = [service(6000), service(3800, customer_id="trap-child")]
    plant.ticket("line_for_another_client", "trap-family", plant.at(51, "15:00"), family,
                 customer_id="trap-buyer")
    plant.ticket("line_without_item", "trap-no-item", plant.at(52, "15:00"),
                 [service(5000, item_id=None, staff_id=None)], customer_id="trap-buyer")
    exchange = [product(-2650, quantity=-1), product(3900, item_id="p03")]
    plant.ticket("return_line", "trap-exchange", plant.at(53, "15:00"), exchange,
                 customer_id="trap-buyer")
    plant.ticket("service_charge", "trap-charge", plant.at(54, "21:00", NIGHT),
                 [service(3800), {"line_type": "service_charge", "gross_amount": 684}],
                 location=NIGHT, customer_id="trap-buyer")
    profile(plant, "retail_only_client", "trap-retail")
    plant.ticket("retail_only_client", "trap-retail", plant.at(55, "15:00"), [product(2650)],
                 customer_id="trap-retail")
    profile(plant, "unbooked_visit", "trap-unbooked")
    plant.ticket("unbooked_visit", "trap-unbooked", plant.at(56, "15:00"), [service(6000)],
                 customer_id="trap-unbooked")
    plant.booking("no_show_fee", "trap-fee", plant.at(57, "15:00"), customer="trap-buyer",
                  status="no_show")
    plant.ticket("no_show_fee", "trap-fee", plant.at(57, "16:00"),
                 [{"line_type": "fee", "gross_amount": 2500, "description": "No-show fee"}],
                 customer_id="trap-buyer", appointment_id="trap-fee")


def _tenders(plant: Planter) -> None:
    """Split three ways, tips on card and on cash, paid too much, paid too little."""
    at = plant.at(58, "15:00")
    tenders = [
        {"tender_type": "card", "amount": 4000, "tip_amount": 1000, "tip_staff_id": "st0001",
         "processing_fee_amount": 140},
        {"tender_type": "cash", "amount": 2000, "tip_amount": 500},
        {"tender_type": "wallet", "amount": 780, "processing_fee_amount": 30},
    ]
    plant.ticket("split_tender", "trap-split", at, [service(6000)], tenders=tenders,
                 customer_id="trap-buyer")
    plant.ticket("over_payment", "trap-over", at, [service(6000)], customer_id="trap-buyer",
                 tenders=[{"tender_type": "cash", "amount": 7000}])
    plant.ticket("under_payment", "trap-under", at, [service(6000)], customer_id="trap-buyer",
                 tenders=[{"tender_type": "cash", "amount": 5000}])
    attempts = [
        {"tender_type": "card", "amount": 6780, "status": "failed"},
        {"tender_type": "card", "amount": 6780, "status": "pending"},
        {"tender_type": "card", "amount": 6780, "status": "cancelled"},
        {"tender_type": "card", "amount": 6780, "status": "completed"},
    ]
    plant.ticket("payments_that_are_no_money", "trap-attempts", at, [service(6000)],
                 tenders=attempts, customer_id="trap-buyer")
    for key, sale in (("trap-no-sale", None), ("trap-unknown-sale", "trap-sale-of-nowhere")):
        plant.add("payment_without_known_sale", "payments", payment_id=key, sale_id=sale,
                  location_id="l1", tender_type="card", amount=4321, tip_amount=100, paid_at=at)


def _no_sales(plant: Planter) -> None:
    """Open, voided and deleted tickets; a deposit kept on an open one, one partly given back."""
    at = plant.at(59, "15:00")
    plant.ticket("voided_ticket", "trap-voided", at, [service(6000)], status="voided",
                 closed_at=None, customer_id="trap-buyer",
                 tenders=[{"tender_type": "card", "amount": 6780}])
    plant.ticket("open_ticket", "trap-open", at, [service(6000)], status="open", closed_at=None,
                 tenders=[], customer_id="trap-buyer")
    plant.ticket("deposit_on_open_ticket", "trap-deposit", at, [], status="open", closed_at=None,
                 customer_id="trap-buyer", tenders=[{"tender_type": "online", "amount": 3000}])
    plant.add("deposit_on_open_ticket", "refunds", refund_id="trap-deposit",
              payment_id="trap-deposit-1", sale_id="trap-deposit", location_id="l1", amount=1000,
              refunded_at=at + timedelta(days=2))
    gone = plant.at(58, "09:00")
    plant.ticket("ticket_deleted_at_source", "trap-erased", at, [service(6000)], deleted_at=gone,
                 tenders=[], customer_id="trap-buyer")
    plant.add("ticket_deleted_at_source", "payments", payment_id="trap-erased", sale_id="trap-erased",
              location_id="l1", tender_type="card", amount=6780, paid_at=at, deleted_at=gone)


def _apart_from_booking(plant: Planter) -> None:
    """Paid ten days before the visit, the day after it, and before a visit still to come."""
    for key, visit, paid in (
        ("trap-prepaid", 20, 30), ("trap-paid-later", 65, 64), ("trap-paid-ahead", -20, 3)
    ):
        profile(plant, "paid_on_another_day", key)
        plant.booking("paid_on_another_day", key, plant.at(visit, "13:00"), customer=key,
                      created_at=plant.at(max(visit, 0) + 35, "09:00"))
        lines = [service(6000, appointment_service_id="1"), product(2650)]
        plant.ticket("paid_on_another_day", key, plant.at(paid, "18:00"), lines, customer_id=key,
                     appointment_id=key)


def _two_currencies(plant: Planter) -> None:
    """As many tickets in Toronto as in Los Angeles: dollars of two kinds are never added."""
    profile(plant, "client_with_two_currencies", "trap-traveller")
    for key, days, location in (("trap-cad", 70, "l1"), ("trap-usd", 71, COAST)):
        plant.ticket("client_with_two_currencies", key, plant.at(days, "15:00", location),
                     [service(6000), product(2650)], location=location,
                     customer_id="trap-traveller")
