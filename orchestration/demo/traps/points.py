"""Traps in points and campaigns: signs, merged and empty accounts, holdouts.

Put here loyalty and messages. Do not put here other liabilities (prepaid.py).
"""

from __future__ import annotations

from orchestration.demo.traps.people import profile
from orchestration.demo.traps.planter import Planter, product

READ = ("sent_at", "delivered_at", "opened_at", "unsubscribed_at")
# By account: kind, points, days ago, days ago when they lapse.
EVENTS = {
    "trap-points": (
        ("earn", 100, 300, -20),
        ("bonus", 25, 300, -25),
        ("redeem", -30, 200, None),
        ("redeem_return", 30, 199, None),
        ("redeem", -30, 180, None),
        ("expire", -20, 100, None),
        ("adjust", 10, 90, None),
        ("adjust", -3, 80, None),
        ("other", 7, 70, None),
        ("earn", 40, 60, -305),
    ),
    "trap-owing": (
        ("earn", 50, 90, -275),
        ("redeem", -50, 80, None),
        ("adjust", -40, 70, None),
    ),
}


def plant_points(plant: Planter) -> None:
    """Plant every trap of this module."""
    _points(plant)
    _accounts(plant)
    _campaign(plant)


def _points(plant: Planter) -> None:
    """Every kind of event in its sign, points about to lapse, and a balance below nothing."""
    for account, events in EVENTS.items():
        profile(plant, "", account)
        plant.add(
            "points_in_every_sign",
            "loyalty_accounts",
            loyalty_account_id=account,
            customer_id=account,
            tier="silver",
            balance=sum(e[1] for e in events),
            enrolled_at=plant.at(320, "09:00"),
        )
        for number, (kind, points, days, lapses) in enumerate(events, start=1):
            expires = None if lapses is None else plant.at(lapses, "09:00")
            plant.add(
                "points_in_every_sign",
                "loyalty_events",
                loyalty_event_id=f"{account}-{number:02}",
                loyalty_account_id=account,
                event_type=kind,
                points=points,
                occurred_at=plant.at(days, "09:00"),
                expires_at=expires,
            )


def _accounts(plant: Planter) -> None:
    """Without events, closed, of nobody, and two of one client after a merge."""
    for trap, key, customer, more in (
        ("account_without_events", "trap-empty", "trap-silent", {}),
        ("account_closed", "trap-closed", "trap-retail", {"closed_at": plant.at(10, "09:00")}),
        ("account_of_nobody", "trap-nobody", None, {}),
        ("accounts_of_merged_profiles", "trap-of-a", "trap-chain-a", {}),
        ("accounts_of_merged_profiles", "trap-of-c", "trap-chain-c", {"tier": "gold"}),
    ):
        earns = 0 if key == "trap-empty" else 60
        days = 90 if key == "trap-of-c" else 280
        plant.add(
            trap,
            "loyalty_accounts",
            loyalty_account_id=key,
            customer_id=customer,
            balance=earns,
            enrolled_at=plant.at(days, "09:00"),
            **more,
        )
        if earns:
            plant.add(
                trap,
                "loyalty_events",
                loyalty_event_id=key,
                loyalty_account_id=key,
                event_type="earn",
                points=earns,
                occurred_at=plant.at(days - 1, "09:00"),
                expires_at=plant.at(days - 366, "09:00"),
            )


def _campaign(plant: Planter) -> None:
    """A client held out, one who left, one who was never asked for consent."""
    plant.add(
        "campaign_with_holdout",
        "campaigns",
        campaign_id="trap-campaign",
        name="Autumn",
        channel="email",
        started_at=plant.at(20, "09:00"),
        ended_at=plant.at(20, "10:00"),
    )
    sent = plant.at(20, "09:05")
    for key, customer, more in (
        ("trap-held", "trap-buyer", {"is_holdout": True}),
        ("trap-left", "trap-booker", dict.fromkeys(READ, sent) | {"is_holdout": False}),
        ("trap-bounced", "trap-no-mail", {"sent_at": sent, "bounced_at": sent}),
    ):
        plant.add(
            "campaign_with_holdout",
            "campaign_sends",
            campaign_send_id=key,
            campaign_id="trap-campaign",
            customer_id=customer,
            **more,
        )
    plant.ticket(
        "bought_after_holdout",
        "trap-held-sale",
        plant.at(17, "15:00"),
        [product(2650)],
        customer_id="trap-buyer",
    )
