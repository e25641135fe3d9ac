"""Traps in how a booking ends and what is in it: cancellations, services, days without times.

Put here bookings. Do not put here traps about when and whose they are (appointments.py).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from orchestration.demo.traps.planter import Planter, Row


def plant_baskets(plant: Planter) -> None:
    """Plant every trap of this module."""
    _cancellations(plant)
    _baskets(plant)
    _days_without_times(plant)


def _cancellations(plant: Planter) -> None:
    """Around the 24-hour line, by whom, and without saying when."""
    start = plant.at(35, "12:00").astimezone(ZoneInfo("UTC"))
    for key, status, notice in (
        ("trap-cancel-24h", "cancelled_by_customer", timedelta(hours=24)),
        ("trap-cancel-late", "cancelled_by_customer", timedelta(hours=23, minutes=59)),
        ("trap-cancel-business", "cancelled_by_business", timedelta(hours=2)),
        ("trap-cancel-unknown", "cancelled", timedelta(hours=2)),
        ("trap-cancel-undated", "cancelled_by_customer", None),
        ("trap-declined", "declined", None),
        ("trap-requested", "requested", None),
        ("trap-no-show", "no_show", None),
    ):
        when = None if notice is None else start - notice
        trap = "late_cancellation" if notice else "not_accepted"
        plant.booking(trap, key, start, customer="trap-booker", status=status, cancelled_at=when)
    plant.booking(
        "quoted_reason",
        "trap-reason",
        plant.at(36, "12:00"),
        customer="trap-booker",
        status="cancelled_by_customer",
        cancelled_at=plant.at(38, "12:00"),
        cancellation_reason='said "ill",\nwill call again',
    )


def _service(
    plant: Planter, key: str, number: int, start: datetime, minutes: int, **more: Any
) -> None:
    defaults: Row = {"service_id": "s07", "staff_id": "st0002", "price": 4500}
    plant.add(
        "",
        "appointment_services",
        appointment_id=key,
        appointment_service_id=str(number),
        start_at=start,
        duration_minutes=minutes,
        **(defaults | more),
    )


def _baskets(plant: Planter) -> None:
    """Processing time, parallel services, several people, half a booking missed, no end given."""
    start = plant.at(37, "13:00")
    plant.booking(
        "overlapping_services",
        "trap-parallel",
        start,
        customer="trap-booker",
        minutes=90,
        service="s04",
    )
    _service(plant, "trap-parallel", 2, start + timedelta(minutes=30), 30, processing_minutes=15)
    plant.booking(
        "several_staff",
        "trap-two-staff",
        start - timedelta(days=20),
        minutes=75,
        customer="trap-booker",
    )
    _service(plant, "trap-two-staff", 2, start - timedelta(days=20, minutes=-45), 30)
    half = plant.at(38, "13:00")
    plant.booking("service_missed", "trap-half", half, customer="trap-booker-2", minutes=75)
    _service(plant, "trap-half", 2, half + timedelta(minutes=45), 30, status="no_show")
    plant.booking(
        "no_end_given", "trap-endless", plant.at(39, "13:00"), customer="trap-booker", end_at=None
    )
    plant.add(
        "booking_without_services",
        "appointments",
        appointment_id="trap-bare",
        location_id="l1",
        customer_id="trap-booker-2",
        status="confirmed",
        created_at=plant.at(60, "09:00"),
        start_at=plant.at(41, "13:00"),
        end_at=plant.at(41, "13:30"),
    )


def _days_without_times(plant: Planter) -> None:
    """A source that knows days only, in the organization without payments."""
    days = {days: plant.at(days, "00:00", "l1", "cedar").date() for days in (52, 51, 50)}
    for key, status, start, more in (
        ("trap-day-only", "attended", days[51], {}),
        ("trap-day-cancelled", "cancelled", days[50], {"cancelled_date": str(days[52])}),
    ):
        plant.add(
            "day_without_time",
            "appointments",
            "cedar",
            appointment_id=key,
            location_id="l1",
            customer_id="c0000001",
            status=status,
            start_date=str(start),
            created_at=plant.at(60, "09:00"),
            **more,
        )
        plant.add(
            "",
            "appointment_services",
            "cedar",
            appointment_id=key,
            appointment_service_id="1",
            service_id="s10",
            staff_id="st0001",
            duration_minutes=60,
        )
