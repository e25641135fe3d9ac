"""The whole simulation, part after part, in whole numbers: the generator's own books.

Put here the order of the parts. Do not put here how they come out as files (rendering*.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.demo.arrays import Array
from orchestration.demo.bookings import Bookings, make_bookings
from orchestration.demo.business import Business
from orchestration.demo.catalog import PriceList
from orchestration.demo.clients import make_clients, make_profiles
from orchestration.demo.discounts import give_discounts
from orchestration.demo.gift_cards import issue_cards, use_cards
from orchestration.demo.lines import make_lines
from orchestration.demo.loyalty import run_loyalty
from orchestration.demo.marketing import make_campaigns, make_expenses, make_sends, make_spend
from orchestration.demo.memberships import make_memberships
from orchestration.demo.packages import sell_packages
from orchestration.demo.payments import make_payments
from orchestration.demo.plan import Plan
from orchestration.demo.refunds import make_refunds
from orchestration.demo.staffing import make_shifts
from orchestration.demo.tickets import make_tickets
from orchestration.demo.totals import add_tax, taxes_by_kind, ticket_sums


@dataclass(slots=True)
class Simulation:
    """One row per thing that happened; references are row numbers of the other frames."""

    plan: Plan
    business: Business
    prices: PriceList
    clients: pd.DataFrame
    profiles: pd.DataFrame
    bookings: Bookings
    shifts: pd.DataFrame
    memberships: pd.DataFrame
    tickets: pd.DataFrame
    lines: pd.DataFrame
    line_taxes: pd.DataFrame
    packages: pd.DataFrame
    redemptions: pd.DataFrame
    accounts: pd.DataFrame
    points: pd.DataFrame
    cards: pd.DataFrame
    card_uses: pd.DataFrame
    payments: pd.DataFrame
    refunds: pd.DataFrame
    campaigns: pd.DataFrame
    sends: pd.DataFrame
    spend: pd.DataFrame
    expenses: pd.DataFrame


def simulate(plan: Plan) -> Simulation:
    """Run the businesses from the first day to as_of and a little beyond."""
    business = Business(plan)
    prices = PriceList(plan, business)
    clients = make_clients(plan, business)
    bookings = make_bookings(plan, business, clients)
    profiles = make_profiles(plan, clients, _first_seen(clients, bookings))
    memberships = make_memberships(plan, business, clients)
    tickets = make_tickets(plan, business, bookings, memberships, clients)
    lines = make_lines(plan, business, prices, bookings, tickets, memberships)
    lines, packages, redemptions = sell_packages(plan, clients, tickets, lines)
    give_discounts(plan, clients, tickets, lines, memberships)
    accounts, points = run_loyalty(plan, business, clients, tickets, lines)
    add_tax(business, tickets, lines)
    sums = ticket_sums(lines, len(tickets))
    cards = issue_cards(plan, clients, tickets, lines)
    uses = use_cards(cards, clients, tickets, sums["total"].to_numpy())
    payments = make_payments(plan, business, bookings, tickets, sums, uses)
    campaigns = make_campaigns(plan, business)
    return Simulation(
        plan=plan,
        business=business,
        prices=prices,
        clients=clients,
        profiles=profiles,
        bookings=bookings,
        shifts=make_shifts(plan, business, bookings.roster),
        memberships=memberships,
        tickets=tickets,
        lines=lines,
        line_taxes=taxes_by_kind(business, tickets, lines),
        packages=packages,
        redemptions=redemptions,
        accounts=accounts,
        points=points,
        cards=cards,
        card_uses=uses,
        payments=payments,
        refunds=make_refunds(plan, tickets, lines, payments),
        campaigns=campaigns,
        sends=make_sends(plan, clients, profiles, campaigns),
        spend=make_spend(plan, business),
        expenses=make_expenses(plan, business),
    )


def _first_seen(clients: pd.DataFrame, bookings: Bookings) -> Array:
    rows = bookings.rows
    known = rows["client"].to_numpy() >= 0
    never = np.datetime64("2999-01-01", "s")
    first = np.full(len(clients), never)
    np.minimum.at(first, rows["client"].to_numpy()[known], rows["created_at"].to_numpy()[known])
    return np.where(first == never, np.datetime64("NaT", "s"), first)
