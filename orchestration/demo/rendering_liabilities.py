"""Gift cards, packages, memberships and points as entities.

Put here the entities that say what the business still owes. Do not put here the till
(rendering_tills.py).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from orchestration.demo.arrays import NOT_A_TIME, ids, labels, rank_within
from orchestration.demo.catalog import PACKAGE_SESSIONS, SERVICES
from orchestration.demo.gift_cards import ACTIVATE, REDEEM
from orchestration.demo.gift_cards import EVENT_TYPES as CARD_EVENTS
from orchestration.demo.loyalty import TIERS
from orchestration.demo.memberships import INTERVALS, PLANS
from orchestration.demo.memberships import REASONS as LEAVING
from orchestration.demo.points import BONUS, EARN, LIFE
from orchestration.demo.points import EVENT_TYPES as POINT_EVENTS
from orchestration.demo.rendering import (
    SERVICE_WIDTH,
    Tables,
    client_ids,
    currencies,
    frame,
    location_ids,
    numbered,
    organization_ids,
    profile_ids,
    staff_ids,
)
from orchestration.demo.simulation import Simulation


def render_liabilities(simulation: Simulation) -> Tables:
    """The entities of this module, by name."""
    return {
        "gift_card_events": _gift_card_events(simulation),
        "packages": _packages(simulation),
        "package_redemptions": _redemptions(simulation),
        "memberships": _memberships(simulation),
        "loyalty_accounts": _accounts(simulation),
        "loyalty_events": _points(simulation),
    }


def _gift_card_events(simulation: Simulation) -> pd.DataFrame:
    cards, uses, tickets = simulation.cards, simulation.card_uses, simulation.tickets
    sold = frame(
        card=np.arange(len(cards)),
        ticket=cards["ticket"].to_numpy(),
        kind=ACTIVATE,
        amount=cards["value"].to_numpy(),
    )
    used = frame(
        card=uses["card"].to_numpy(),
        ticket=uses["ticket"].to_numpy(),
        kind=REDEEM,
        amount=-uses["amount"].to_numpy(),
    )
    events = pd.concat([sold, used], ignore_index=True)
    ticket = events["ticket"].to_numpy(dtype=np.int64)
    events["at"] = tickets["closed_at"].to_numpy()[ticket]
    events["owner"] = tickets["organization"].to_numpy()[ticket]
    events = events.iloc[np.lexsort((events["at"], events["owner"]))].reset_index(drop=True)
    ticket = events["ticket"].to_numpy(dtype=np.int64)
    owner = events["owner"].to_numpy(dtype=np.int64)
    location = tickets["location"].to_numpy()[ticket]
    holder = cards["holder"].to_numpy()[events["card"].to_numpy(dtype=np.int64)]
    return frame(
        organization_id=organization_ids(simulation, owner),
        gift_card_event_id=ids("ge", rank_within(owner) + 1),
        gift_card_id=numbered("g", cards, events["card"].to_numpy(dtype=np.int64)),
        location_id=location_ids(simulation, location),
        customer_id=client_ids(simulation, holder),
        sale_id=numbered("t", tickets, ticket),
        event_type=labels(events["kind"].to_numpy(dtype=np.int64), CARD_EVENTS),
        amount=events["amount"].to_numpy(dtype=np.int64),
        currency=currencies(simulation, location, owner != 1),
        occurred_at=events["at"],
    )


def _packages(simulation: Simulation) -> pd.DataFrame:
    rows = simulation.packages
    service = rows["service"].to_numpy()
    return frame(
        organization_id=organization_ids(simulation, rows["organization"].to_numpy()),
        package_id=numbered("k", rows),
        customer_id=profile_ids(rows["profile"].to_numpy()),
        location_id=location_ids(simulation, rows["location"].to_numpy()),
        sale_id=numbered("t", simulation.tickets, rows["ticket"].to_numpy()),
        service_id=ids("s", service + 1, SERVICE_WIDTH),
        name=f"{PACKAGE_SESSIONS} x " + labels(service, [s.name for s in SERVICES]),
        sessions=PACKAGE_SESSIONS,
        price=rows["price"].to_numpy(),
        sold_at=rows["sold_at"],
        expires_at=rows["expires_at"],
        cancelled_at=rows["cancelled_at"],
    )


def _redemptions(simulation: Simulation) -> pd.DataFrame:
    rows, tickets = simulation.redemptions, simulation.tickets
    ticket = rows["ticket"].to_numpy()
    booking = np.where(tickets["is_linked"], tickets["booking"], -1)[ticket]
    return frame(
        organization_id=organization_ids(simulation, rows["organization"].to_numpy()),
        package_redemption_id=numbered("kr", rows),
        package_id=numbered("k", simulation.packages, rows["package"].to_numpy()),
        appointment_id=numbered("b", simulation.bookings.rows, booking),
        location_id=location_ids(simulation, tickets["location"].to_numpy()[ticket]),
        staff_id=staff_ids(simulation, rows["staff"].to_numpy()),
        sessions=pd.Series([pd.NA] * len(rows), dtype="Int64"),
        redeemed_at=tickets["closed_at"].to_numpy()[ticket],
    )


def _memberships(simulation: Simulation) -> pd.DataFrame:
    rows = simulation.memberships
    plan = rows["plan"].to_numpy()
    is_over = rows["ended_at"].notna().to_numpy()
    status = np.where(is_over, 1, np.where(rows.index % 5 == 0, -1, 0))
    return frame(
        organization_id=organization_ids(simulation, rows["organization"].to_numpy()),
        membership_id=numbered("m", rows),
        customer_id=client_ids(simulation, rows["client"].to_numpy()),
        location_id=location_ids(simulation, rows["location"].to_numpy()),
        plan_name=labels(plan, PLANS),
        price=rows["price"].to_numpy(),
        billing_interval=labels(plan, INTERVALS),
        status=labels(status, ("active", "cancelled")),
        cancellation_reason=labels(rows["reason"].to_numpy(), LEAVING),
        started_at=rows["started_at"],
        cancelled_at=rows["cancelled_at"],
        ended_at=rows["ended_at"],
    )


def _accounts(simulation: Simulation) -> pd.DataFrame:
    rows = simulation.accounts
    return frame(
        organization_id=organization_ids(simulation, rows["organization"].to_numpy()),
        loyalty_account_id=numbered("la", rows),
        customer_id=profile_ids(rows["profile"].to_numpy()),
        tier=labels(rows["tier"].to_numpy(), TIERS),
        balance=rows["balance"].to_numpy(),
        enrolled_at=rows["enrolled_at"],
        closed_at=np.full(len(rows), NOT_A_TIME),
    )


def _points(simulation: Simulation) -> pd.DataFrame:
    rows, tickets = simulation.points, simulation.tickets
    ticket = rows["ticket"].to_numpy(dtype=np.int64)
    place = np.where(ticket >= 0, tickets["location"].to_numpy()[np.maximum(ticket, 0)], -1)
    kind = rows["kind"].to_numpy(dtype=np.int64)
    lives = np.isin(kind, (EARN, BONUS))
    at = rows["at"].to_numpy()
    return frame(
        organization_id=organization_ids(simulation, rows["organization"].to_numpy(dtype=np.int64)),
        loyalty_event_id=numbered("le", rows),
        loyalty_account_id=numbered(
            "la", simulation.accounts, rows["account"].to_numpy(dtype=np.int64)
        ),
        event_type=labels(kind, POINT_EVENTS),
        points=rows["points"].to_numpy(),
        sale_id=numbered("t", tickets, ticket),
        location_id=location_ids(simulation, place),
        occurred_at=at,
        expires_at=np.where(lives, at + LIFE, NOT_A_TIME),
    )
