"""Traps in bookings: clocks, versions, cancellations, overlapping services, what lies ahead.

Put here bookings. Do not put here traps in profiles (people.py) or money (money.py).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from orchestration.demo.traps.people import profile
from orchestration.demo.traps.planter import NIGHT, Planter, Row


def plant_appointments(plant: Planter) -> None:
    """Plant every trap of this module."""
    profile(plant, "", "trap-booker")
    profile(plant, "", "trap-booker-2")
    _versions(plant)
    _deleted(plant)
    _clock_changes(plant)
    _cancellations(plant)
    _baskets(plant)
    _same_day(plant)
    _ahead(plant)
    _days_without_times(plant)


def clock_change(plant: Planter, *, spring: bool) -> datetime:
    """The last change of Toronto's clocks before as_of: 01:30 that night, before the change."""
    zone = ZoneInfo("America/Toronto")
    day = plant.now.astimezone(zone).date() - timedelta(days=1)
    while True:
        noon, before = (
            datetime.fromisoformat(f"{d}T12:00").replace(tzinfo=zone).utcoffset()
            for d in (day, day - timedelta(days=1))
        )
        if noon is not None and before is not None and noon != before and (noon > before) == spring:
            return datetime.fromisoformat(f"{day}T01:30").replace(tzinfo=zone)
        day -= timedelta(days=1)


def _versions(plant: Planter) -> None:
    """Moved to another day, handed to another client, delivered twice and out of order."""
    moved = plant.booking(
        "rescheduled", "trap-moved", plant.at(25, "10:00"), customer="trap-booker", version=2
    )
    earlier = {"start_at": moved["start_at"] - 86_400 * 3, "end_at": moved["end_at"] - 86_400 * 3}
    plant.before["appointments"].append(moved | earlier | {"version": 1})
    handed = plant.booking(
        "reassigned", "trap-handed", plant.at(26, "10:00"), customer="trap-booker-2", version=2
    )
    plant.before["appointments"].append(handed | {"version": 1, "customer_id": "trap-booker"})
    late = plant.booking(
        "older_version_after_newer", "trap-late-version", plant.at(27, "10:00"),
        customer="trap-booker", version=3, status="no_show",
    )
    plant.after["appointments"].append(late | {"version": 2, "status": "confirmed"})
    twice = plant.booking(
        "duplicate_delivery", "trap-twice", plant.at(28, "10:00"), customer="trap-booker", version=1
    )
    plant.after["appointments"].append(dict(twice))
    corrected = plant.booking(
        "corrected_without_version", "trap-corrected", plant.at(29, "10:00"),
        customer="trap-booker", updated_at=plant.at(28, "18:00"), status="no_show",
    )
    earlier_at = corrected["updated_at"] - 3600 * 8
    plant.before["appointments"].append(
        corrected | {"updated_at": earlier_at, "status": "confirmed"}
    )


def _deleted(plant: Planter) -> None:
    plant.booking(
        "booking_deleted_at_source", "trap-erased", plant.at(31, "10:00"), customer="trap-booker",
        deleted_at=plant.at(30, "10:00"),
    )


def _clock_changes(plant: Planter) -> None:
    """Across the skipped hour, and twice at 01:30 in the doubled one."""
    spring, autumn = clock_change(plant, spring=True), clock_change(plant, spring=False)
    utc = ZoneInfo("UTC")
    plant.booking(
        "dst_spring_gap", "trap-spring", spring, customer="trap-booker", location=NIGHT,
        end_at=spring.astimezone(utc) + timedelta(minutes=60),
    )
    for key, fold in (("trap-autumn-1", 0), ("trap-autumn-2", 1)):
        start = autumn.replace(fold=fold).astimezone(utc)
        plant.booking(
            "dst_fall_overlap", key, start, customer="trap-booker-2", location=NIGHT, minutes=30
        )


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
        "quoted_reason", "trap-reason", plant.at(36, "12:00"), customer="trap-booker",
        status="cancelled_by_customer", cancelled_at=plant.at(38, "12:00"),
        cancellation_reason='said "ill",\nwill call again',
    )


def _service(plant: Planter, key: str, number: int, start: datetime, minutes: int, **more: Any
             ) -> None:
    defaults = {"service_id": "s07", "staff_id": "st0002", "price": 4500}
    plant.add(
        "", "appointment_services", appointment_id=key, appointment_service_id=str(number),
        start_at=start, duration_minutes=minutes, **(defaults | more),
    )


def _baskets(plant: Planter) -> None:
    """Processing time, parallel services, several people, half a booking missed, no end given."""
    start = plant.at(37, "13:00")
    plant.booking(
        "overlapping_services", "trap-parallel", start, customer="trap-booker", minutes=90,
        service="s04",
    )
    _service(plant, "trap-parallel", 2, start + timedelta(minutes=30), 30, processing_minutes=15)
    plant.booking("several_staff", "trap-two-staff", start - timedelta(days=20), minutes=75,
                  customer="trap-booker")
    _service(plant, "trap-two-staff", 2, start - timedelta(days=20, minutes=-45), 30)
    half = plant.at(38, "13:00")
    plant.booking("service_missed", "trap-half", half, customer="trap-booker-2", minutes=75)
    _service(plant, "trap-half", 2, half + timedelta(minutes=45), 30, status="no_show")
    plant.booking("no_end_given", "trap-endless", plant.at(39, "13:00"), customer="trap-booker",
                  end_at=None)
    plant.add(
        "booking_without_services", "appointments", appointment_id="trap-bare", location_id="l1",
        customer_id="trap-booker-2", status="confirmed", created_at=plant.at(60, "09:00"),
        start_at=plant.at(41, "13:00"), end_at=plant.at(41, "13:30"),
    )


def _same_day(plant: Planter) -> None:
    """Two bookings of a day at one place are one visit, at two places two; walk-ins are apart."""
    profile(plant, "", "trap-twice-a-day")
    for key, clock, location in (
        ("trap-half-day-1", "10:00", "l1"),
        ("trap-half-day-2", "16:00", "l1"),
        ("trap-other-place", "19:00", "l2"),
    ):
        plant.booking("two_half_days", key, plant.at(43, clock), customer="trap-twice-a-day",
                      location=location)
    for key, clock in (("trap-walk-1", "11:00"), ("trap-walk-2", "11:00")):
        plant.booking("walk_in_without_customer", key, plant.at(45, clock), source="walk_in")


def _ahead(plant: Planter) -> None:
    """Only a booking ahead; one that runs at as_of; one that ends at that very second."""
    profile(plant, "only_a_booking_ahead", "trap-ahead", created_at=plant.at(2, "09:00"))
    plant.booking("only_a_booking_ahead", "trap-ahead", plant.at(-9, "10:00"),
                  customer="trap-ahead", created_at=plant.at(2, "09:00"))
    profile(plant, "runs_at_as_of", "trap-running")
    plant.booking("runs_at_as_of", "trap-running", plant.now - timedelta(minutes=15),
                  customer="trap-running")
    profile(plant, "ends_at_as_of", "trap-ending")
    plant.booking("ends_at_as_of", "trap-ending", plant.now - timedelta(minutes=45),
                  customer="trap-ending")


def _days_without_times(plant: Planter) -> None:
    """A source that knows days only, in the organization without payments."""
    days = {days: plant.at(days, "00:00", "l1", "cedar").date() for days in (52, 51, 50)}
    for key, status, start, more in (
        ("trap-day-only", "attended", days[51], {}),
        ("trap-day-cancelled", "cancelled", days[50], {"cancelled_date": str(days[52])}),
    ):
        plant.add(
            "day_without_time", "appointments", "cedar", appointment_id=key, location_id="l1",
            customer_id="c0000001", status=status, start_date=str(start),
            created_at=plant.at(60, "09:00"), **more,
        )
        plant.add(
            "", "appointment_services", "cedar", appointment_id=key, appointment_service_id="1",
            service_id="s10", staff_id="st0001", duration_minutes=60,
        )
