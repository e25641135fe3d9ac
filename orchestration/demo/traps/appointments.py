"""Traps in when and whose a booking is: clocks, versions, days, what lies ahead.

Put here bookings. Do not put here how they end or what is in them (baskets.py).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from orchestration.demo.traps.people import profile
from orchestration.demo.traps.planter import NIGHT, Planter


def plant_appointments(plant: Planter) -> None:
    """Plant every trap of this module."""
    profile(plant, "", "trap-booker")
    profile(plant, "", "trap-booker-2")
    _versions(plant)
    _deleted(plant)
    _clock_changes(plant)
    _same_day(plant)
    _ahead(plant)


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
        "older_version_after_newer",
        "trap-late-version",
        plant.at(27, "10:00"),
        customer="trap-booker",
        version=3,
        status="no_show",
    )
    plant.after["appointments"].append(late | {"version": 2, "status": "confirmed"})
    twice = plant.booking(
        "duplicate_delivery", "trap-twice", plant.at(28, "10:00"), customer="trap-booker", version=1
    )
    plant.after["appointments"].append(dict(twice))
    corrected = plant.booking(
        "corrected_without_version",
        "trap-corrected",
        plant.at(29, "10:00"),
        customer="trap-booker",
        updated_at=plant.at(28, "18:00"),
        status="no_show",
    )
    earlier_at = corrected["updated_at"] - 3600 * 8
    plant.before["appointments"].append(
        corrected | {"updated_at": earlier_at, "status": "confirmed"}
    )


def _deleted(plant: Planter) -> None:
    plant.booking(
        "booking_deleted_at_source",
        "trap-erased",
        plant.at(31, "10:00"),
        customer="trap-booker",
        deleted_at=plant.at(30, "10:00"),
    )


def _clock_changes(plant: Planter) -> None:
    """Across the skipped hour, and twice at 01:30 in the doubled one."""
    spring, autumn = clock_change(plant, spring=True), clock_change(plant, spring=False)
    utc = ZoneInfo("UTC")
    plant.booking(
        "dst_spring_gap",
        "trap-spring",
        spring,
        customer="trap-booker",
        location=NIGHT,
        end_at=spring.astimezone(utc) + timedelta(minutes=60),
    )
    for key, fold in (("trap-autumn-1", 0), ("trap-autumn-2", 1)):
        start = autumn.replace(fold=fold).astimezone(utc)
        plant.booking(
            "dst_fall_overlap", key, start, customer="trap-booker-2", location=NIGHT, minutes=30
        )


def _same_day(plant: Planter) -> None:
    """Two bookings of a day at one place are one visit, at two places two; walk-ins are apart."""
    profile(plant, "", "trap-twice-a-day")
    for key, clock, location in (
        ("trap-half-day-1", "10:00", "l1"),
        ("trap-half-day-2", "16:00", "l1"),
        ("trap-other-place", "19:00", "l2"),
    ):
        plant.booking(
            "two_half_days",
            key,
            plant.at(43, clock),
            customer="trap-twice-a-day",
            location=location,
        )
    for key, clock in (("trap-walk-1", "11:00"), ("trap-walk-2", "11:00")):
        plant.booking("walk_in_without_customer", key, plant.at(45, clock), source="walk_in")


def _ahead(plant: Planter) -> None:
    """Only a booking ahead; one that runs at as_of; one that ends at that very second."""
    profile(plant, "only_a_booking_ahead", "trap-ahead", created_at=plant.at(2, "09:00"))
    plant.booking(
        "only_a_booking_ahead",
        "trap-ahead",
        plant.at(-9, "10:00"),
        customer="trap-ahead",
        created_at=plant.at(2, "09:00"),
    )
    profile(plant, "runs_at_as_of", "trap-running")
    plant.booking(
        "runs_at_as_of", "trap-running", plant.now - timedelta(minutes=15), customer="trap-running"
    )
    profile(plant, "ends_at_as_of", "trap-ending")
    plant.booking(
        "ends_at_as_of", "trap-ending", plant.now - timedelta(minutes=45), customer="trap-ending"
    )
