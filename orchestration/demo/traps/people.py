"""Traps in profiles: merges, pseudo-clients, birthdays, consent, names that break files.

Put here profiles. Do not put here traps in bookings (appointments.py) or money (money.py).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from orchestration.demo.traps.planter import Planter, product, service


def plant_people(plant: Planter) -> None:
    """Plant every trap of this module."""
    _merge_chain(plant)
    _undone_merge(plant)
    _missing_profiles(plant)
    _not_clients(plant)
    _birthdays(plant)
    _contact(plant)
    _names(plant)
    _referral(plant)


def profile(plant: Planter, trap: str, key: str, **columns: Any) -> None:
    """A plain client profile."""
    defaults: dict[str, Any] = {
        "first_name": "Robin",
        "last_name": "Example",
        "email": f"{key}@example.com",
        "phone": "+1 416 555 0199",
        "creation_source": "online",
        "created_at": plant.at(400, "09:00"),
        "email_consent": True,
        "consent_updated_at": plant.at(399, "09:00"),
    }
    plant.add(trap, "customers", customer_id=key, **(defaults | columns))


def _merge_chain(plant: Planter) -> None:
    """A into B, later B into C: the visits of all three are C's."""
    for key, days in (("trap-chain-a", 300), ("trap-chain-b", 200), ("trap-chain-c", 100)):
        gone = {} if key.endswith("c") else {"deleted_at": plant.at(50, "09:00")}
        profile(plant, "merge_chain", key, **gone)
        plant.booking("merge_chain", key, plant.at(days, "11:00"), customer=key)
        plant.ticket(
            "", key, plant.at(days, "11:50"), [service(6000)], customer_id=key, appointment_id=key
        )
    for source, target, days in (("a", "b", 150), ("b", "c", 50)):
        plant.add(
            "merge_chain",
            "customer_merges",
            from_customer_id=f"trap-chain-{source}",
            to_customer_id=f"trap-chain-{target}",
            merged_at=plant.at(days, "09:00"),
        )
        plant.merged["maple", f"trap-chain-{source}"] = "trap-chain-c"


def _undone_merge(plant: Planter) -> None:
    """Merged by mistake and taken apart again: two clients."""
    for key, days in (("trap-undone-a", 40), ("trap-undone-b", 20)):
        profile(plant, "undone_merge", key)
        plant.booking("undone_merge", key, plant.at(days, "14:00"), customer=key)
    plant.add(
        "undone_merge",
        "customer_merges",
        from_customer_id="trap-undone-a",
        to_customer_id="trap-undone-b",
        merged_at=plant.at(30, "09:00"),
        unmerged_at=plant.at(10, "09:00"),
    )


def _missing_profiles(plant: Planter) -> None:
    """Bookings of somebody without a profile, a deleted profile, a profile without bookings."""
    plant.booking(
        "booking_without_profile", "trap-ghost", plant.at(12, "10:00"), customer="trap-ghost"
    )
    profile(plant, "profile_deleted_at_source", "trap-deleted", deleted_at=plant.at(5, "09:00"))
    plant.booking(
        "profile_deleted_at_source", "trap-deleted", plant.at(15, "10:00"), customer="trap-deleted"
    )
    profile(plant, "profile_without_booking", "trap-silent")
    for organization in ("maple", "linden"):
        plant.traps["same_key_in_two_organizations"].append(
            {"entity": "customers", "organization_id": organization, "customer_id": "c0000001"}
        )


def _not_clients(plant: Planter) -> None:
    """A pseudo-client for walk-ins, a test profile, and a colleague who is also a client."""
    nobody: dict[str, Any] = {"first_name": "Walk", "last_name": "In", "customer_type": "walk_in"}
    nobody |= dict.fromkeys(("email", "phone", "email_consent", "consent_updated_at"))
    profile(plant, "walk_in_profile", "trap-walk-in", **nobody)
    profile(plant, "test_profile", "trap-test", first_name="Test", customer_type="test")
    profile(plant, "staff_as_client", "trap-colleague", customer_type="staff")
    plant.add(
        "staff_as_client",
        "staff",
        staff_id="trap-colleague",
        name="Robin E.",
        staff_type="person",
        customer_id="trap-colleague",
        home_location_id="l1",
        is_active=True,
    )
    for days, key in ((33, "trap-walk-in"), (22, "trap-test"), (44, "trap-colleague")):
        plant.booking("", key, plant.at(days, "16:00"), customer=key)
        plant.ticket(
            "",
            key,
            plant.at(days, "16:50"),
            [service(6000), product(2500)],
            customer_id=key,
            appointment_id=key,
        )
    plant.ticket(
        "walk_in_profile",
        "trap-walk-in-2",
        plant.at(33, "17:00"),
        [service(3800)],
        customer_id="trap-walk-in",
    )


def _born_about(year: int, day: datetime) -> str:
    # 29 February needs a leap year.
    return f"{year - year % 4 if f'{day:%m-%d}' == '02-29' else year}-{day:%m-%d}"


def _birthdays(plant: Planter) -> None:
    """Without a year, on 29 February, under age, unknown."""
    year = plant.now.year
    for trap, key, birthday in (
        ("birthday_without_year", "trap-yearless", "0000-04-12"),
        ("birthday_29_february", "trap-leap", "2000-02-29"),
        ("birthday_29_february", "trap-leap-yearless", "0000-02-29"),
        ("under_18", "trap-minor", f"{year - 15}-06-30"),
        ("unknown_age", "trap-ageless", None),
        ("birthday_today", "trap-today", _born_about(year - 26, plant.at(0, "09:00"))),
        ("birthday_tomorrow", "trap-tomorrow", _born_about(year - 26, plant.at(-1, "09:00"))),
    ):
        profile(plant, trap, key, birthday=birthday, home_location_id="l1")


def _contact(plant: Planter) -> None:
    """Consent never asked for; no mail, no phone, neither; not to be contacted at all."""
    unasked = {"email_consent": None, "sms_consent": None, "consent_updated_at": None}
    profile(plant, "consent_never_asked", "trap-unasked", **unasked)
    profile(plant, "no_mail", "trap-no-mail", email=None)
    profile(plant, "no_phone", "trap-no-phone", phone=None)
    profile(plant, "profile_changed", "trap-moved-mail", version=2)
    older = {"version": 1, "email": "old-address@example.com", "email_consent": False}
    plant.after["customers"].append(plant.rows["customers"][-1] | older)
    profile(plant, "no_mail_no_phone", "trap-no-contact", email=None, phone=None)
    profile(plant, "suppressed", "trap-suppressed", is_suppressed=True)
    for key in ("trap-unasked", "trap-suppressed"):
        plant.booking("", key, plant.at(9, "13:00"), customer=key)


def _names(plant: Planter) -> None:
    """Names that a spreadsheet runs, a file splits or a query trips over."""
    for number, (first, last) in enumerate(
        (
            ('=HYPERLINK("http://example.com","prize")', "Formula"),
            ("+41 Plus", "Sign"),
            ("-Minus", "Sign"),
            ("@At", "Sign"),
            ("D'Arcy", "O'Hara"),
            ('Anna "Ann", Maria', "Comma"),
            ("Two\nLines", "Newline"),
            ("Zoë-Åse", "Łącka"),
            ("美咲", "山田"),
            ("null", "NULL"),
        ),
        start=1,
    ):
        profile(plant, "awkward_names", f"trap-name-{number:02}", first_name=first, last_name=last)


def _referral(plant: Planter) -> None:
    """The referrer was merged away: the credit is the surviving profile's."""
    profile(
        plant,
        "referrer_was_merged",
        "trap-referred",
        acquisition_source="friend",
        referred_by_customer_id="trap-chain-a",
    )
    plant.booking(
        "referrer_was_merged", "trap-referred", plant.at(18, "10:00"), customer="trap-referred"
    )
