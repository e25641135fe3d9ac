"""All organizations and locations of a demo as arrays.

Put here what looks the businesses up by position. Do not put here the businesses themselves
(organizations.py).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from orchestration.demo.arrays import Array
from orchestration.demo.organizations import ORGANIZATIONS, Organization
from orchestration.demo.plan import Plan


class Business:
    """All organizations and locations as arrays: `organization_of[location]`, and so on."""

    def __init__(self, plan: Plan) -> None:
        """Repeat the four organizations until there are as many as the plan asks for."""
        numbers = range(plan.first_organization, plan.first_organization + plan.organizations)
        self.organizations = [_with_branches(_repeated(n), plan.branches) for n in numbers]
        pairs = [(n, place) for n, o in enumerate(self.organizations) for place in o.locations]
        self.locations = [place for _, place in pairs]
        self.organization_of = np.array([n for n, _ in pairs])
        self.keys = [o.key for o in self.organizations]
        self.zones = sorted({place.timezone for place in self.locations})
        self.zone_of = np.array([self.zones.index(place.timezone) for place in self.locations])
        self.cutoff_of = np.array([place.cutoff_minutes for place in self.locations])
        self.tip_share = np.array([place.tip_share for place in self.locations])
        self.exponent_of = np.array([o.exponent for o in self.organizations])
        self.unit_of = 10**self.exponent_of
        self.shares = np.array([o.share for o in self.organizations])
        self.shares = self.shares / self.shares.sum()

    def locations_of(self, organization: int) -> Array:
        """Positions of an organization's locations."""
        return np.flatnonzero(self.organization_of == organization)

    def flag(self, name: str) -> Array:
        """One yes-or-no property of the organizations, such as has_payments."""
        return np.array([bool(getattr(o, name)) for o in self.organizations])

    def opening(self) -> tuple[Array, Array]:
        """Opening and closing minute by [location, weekday]; -1 where closed."""
        opens = np.full((len(self.locations), 7), -1)
        closes = opens.copy()
        for number, place in enumerate(self.locations):
            for weekday, hours in enumerate(place.hours):
                if hours is not None:
                    opens[number, weekday], closes[number, weekday] = hours
        return opens, closes


def _repeated(number: int) -> Organization:
    template = ORGANIZATIONS[number % len(ORGANIZATIONS)]
    round_number = number // len(ORGANIZATIONS)
    if round_number == 0:
        return template
    return replace(template, key=f"{template.key}-{round_number + 1}")


def _with_branches(organization: Organization, branches: int) -> Organization:
    """Its locations so many times over: of three, the first one's second branch is l4."""
    places = organization.locations
    more = [
        replace(place, key=f"l{turn * len(places) + n + 1}", name=f"{place.name} {turn + 1}")
        for turn in range(1, branches)
        for n, place in enumerate(places)
    ]
    return replace(organization, locations=(*places, *more))
