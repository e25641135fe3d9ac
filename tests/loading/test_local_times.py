"""Times without an offset are the wall clock of the row's location."""

from __future__ import annotations

import pytest

HEADER = "organization_id,appointment_id,location_id,status,start_at\n"
START = "select start_at at time zone 'UTC' from raw_native.appointments"


def start(salon, location: str, text: str) -> str:
    salon.write("appointments.csv", f"{HEADER}salon,a,{location},confirmed,{text}\n")
    salon.load("appointments.csv")
    return str(salon.column(START)[0])


@pytest.mark.parametrize(
    ("location", "text", "utc"),
    [
        ("east", "2026-01-15 10:00", "2026-01-15 15:00:00"),
        ("east", "2026-07-15T10:00:30.25", "2026-07-15 14:00:30.250000"),
        ("tokyo", "2026-07-15 08:00", "2026-07-14 23:00:00"),
        ("tokyo", "2026-07-15", "2026-07-14 15:00:00"),
        ("east", "2026-01-15T10:00+01:00", "2026-01-15 09:00:00"),
        ("east", "2026-03-08 01:59", "2026-03-08 06:59:00"),
        ("east", "2026-03-08 03:00", "2026-03-08 07:00:00"),
        ("east", "2026-11-01 02:00", "2026-11-01 07:00:00"),
        ("east", "1850-01-01 12:00", "1850-01-01 17:17:32"),
    ],
)
def test_a_local_time_is_placed_by_its_location(salon, location, text, utc) -> None:
    assert start(salon, location, text) == utc


def test_a_time_that_the_clocks_skipped_moves_forward_with_a_warning(salon) -> None:
    assert start(salon, "east", "2026-03-08 02:30") == "2026-03-08 07:30:00"
    reason = salon.column("select reason from ops.rejected_rows where severity = 'warning'")
    assert reason == [
        "2026-03-08 02:30 does not exist in America/Toronto: the clocks skipped it;"
        " read as 2026-03-08 03:30:00"
    ]


def test_a_time_that_happened_twice_is_the_earlier_with_a_warning(salon) -> None:
    assert start(salon, "east", "2026-11-01 01:30") == "2026-11-01 05:30:00"
    reason = salon.column("select reason from ops.rejected_rows where severity = 'warning'")[0]
    assert "happened twice in America/Toronto" in reason
    assert "read as the earlier" in reason


def test_a_service_takes_the_zone_of_its_booking(salon) -> None:
    salon.write(
        "appointments.csv",
        f"{HEADER}salon,a,tokyo,confirmed,2026-05-01\nsalon,b,east,confirmed,2026-05-01\n",
    )
    salon.write(
        "appointment_services.csv",
        "organization_id,appointment_id,appointment_service_id,start_at\n"
        "salon,a,1,2026-05-01 10:00\nsalon,b,1,2026-05-01 10:00\n",
    )
    salon.load()
    assert salon.column(
        "select (start_at at time zone 'UTC')::text from raw_native.appointment_services order by 1"
    ) == ["2026-05-01 01:00:00", "2026-05-01 14:00:00"]


def test_an_organization_in_one_zone_needs_no_location(salon) -> None:
    salon.write(
        "customers.csv", "organization_id,customer_id,created_at\nbarber,x,2026-05-01 10:00\n"
    )
    salon.load()
    assert salon.column(
        "select (created_at at time zone 'UTC')::text from raw_native.customers"
        " where customer_id = 'x'"
    ) == ["2026-05-01 09:00:00"]


def test_an_organization_in_two_zones_needs_an_offset(salon) -> None:
    salon.write(
        "customers.csv", "organization_id,customer_id,created_at\nsalon,x,2026-05-01 10:00\n"
    )
    report = salon.load()
    problem = salon.rejects(report.load_id)[0]
    assert problem[3] == "created_at"
    assert "does not say in which time zone; add an offset" in problem[4]


def test_locations_of_the_same_load_count(business) -> None:
    business.write(
        "locations.csv",
        "organization_id,location_id,name,timezone,currency,updated_at\n"
        "shop,one,One,Asia/Kolkata,INR,2026-05-01 05:30\n",
    )
    business.write("appointments.csv", f"{HEADER}shop,a,one,confirmed,2026-05-01 05:30\n")
    business.load()
    assert str(business.column(START)[0]) == "2026-05-01 00:00:00"
    assert business.column(
        "select (updated_at at time zone 'UTC')::text from raw_native.locations"
    ) == ["2026-05-01 00:00:00"]
