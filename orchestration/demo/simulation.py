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
from orchestration.demo.setting import Setting
from orchestration.demo.staffing import make_shifts
from orchestration.demo.tickets import make_tickets
from orchestration.demo.totals import add_tax, add_totals, taxes_by_kind


@dataclass(slots=True)
class Simulation:
    """One row per thing that happened; references are row numbers of the other frames."""

    setting: Setting
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

    @property
    def plan(self) -> Plan:
        """The plan of the run."""
        return self.setting.plan

    @property
    def business(self) -> Business:
        """The businesses."""
        return self.setting.business

    @property
    def prices(self) -> PriceList:
        """Their price lists."""
        return self.setting.prices

    @property
    def clients(self) -> pd.DataFrame:
        """Their clients."""
        return self.setting.clients


def simulate(plan: Plan) -> Simulation:
    """Run the businesses from the first day to as_of and a little beyond."""
    business = Business(plan)
    setting = Setting(plan, business, PriceList(plan, business), make_clients(plan, business))
    bookings = make_bookings(setting)
    profiles = make_profiles(setting, _first_seen(setting.clients, bookings))
    memberships = make_memberships(setting)
    tickets = make_tickets(setting, bookings, memberships)
    lines = make_lines(setting, bookings, tickets, memberships)
    lines, packages, redemptions = sell_packages(setting, tickets, lines)
    give_discounts(setting, tickets, lines, memberships)
    accounts, points = run_loyalty(setting, tickets, lines)
    add_tax(business, tickets, lines)
    add_totals(tickets, lines)
    cards = issue_cards(setting, tickets, lines)
    uses = use_cards(cards, setting.clients, tickets)
    payments = make_payments(setting, bookings, tickets, uses)
    campaigns = make_campaigns(plan, business)
    return Simulation(
        setting=setting,
        profiles=profiles,
        bookings=bookings,
        shifts=make_shifts(setting, bookings.roster),
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
        sends=make_sends(setting, profiles, campaigns),
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
