"""What a demo run is asked for: its size, its span, its seed and its clock.

Put here the arguments of a run and the random streams drawn from its seed. Do not put here what the
businesses look like (business.py) nor anything that reads the wall clock: the same plan always
gives the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from orchestration.errors import ChairsideError

DEFAULT_AS_OF = np.datetime64("2026-11-01T12:00:00", "s")
DEFAULT_CUSTOMERS = 7_000
DEFAULT_YEARS = 3
DEFAULT_SEED = 1
DAYS_AHEAD = 75
SMALLEST = 20

# One random stream per subject, so that a change in one leaves the others as they were.
STREAMS = (
    "clients",
    "profiles",
    "visits",
    "baskets",
    "bookings",
    "staffing",
    "shifts",
    "schedule",
    "outcomes",
    "memberships",
    "tickets",
    "lines",
    "packages",
    "discounts",
    "loyalty",
    "gift_cards",
    "payments",
    "refunds",
    "sends",
    "spend",
    "expenses",
)


class DemoPlanError(ChairsideError):
    """The demo was asked for something it cannot make."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One demo run. `as_of` is UTC, in whole seconds, without a zone."""

    customers: int = DEFAULT_CUSTOMERS
    years: int = DEFAULT_YEARS
    seed: int = DEFAULT_SEED
    as_of: np.datetime64 = field(default=DEFAULT_AS_OF)
    organizations: int = 4
    # Of a platform that is written in parts: how many businesses came in the parts before.
    first_organization: int = 0
    # How many times each business has each of its locations.
    branches: int = 1
    # How many times as often clients come, and the more visits they make before they leave.
    frequency: float = 1.0

    def __post_init__(self) -> None:
        """Refuse sizes that would leave a business without clients, or history without a year."""
        if self.customers < SMALLEST:
            raise DemoPlanError(
                f"{self.customers} customers are too few for {self.organizations} organizations.",
                f"Ask for at least {SMALLEST}.",
            )
        if not 1 <= self.years <= 20:
            raise DemoPlanError(f"{self.years} years is out of range.", "Ask for 1 to 20 years.")
        if self.organizations < 4:
            raise DemoPlanError("Fewer than four organizations.", "Ask for at least 4.")
        if not 1 <= self.branches <= 50:
            raise DemoPlanError(f"{self.branches} branches is out of range.", "Ask for 1 to 50.")
        if not 0.1 <= self.frequency <= 5:
            raise DemoPlanError(f"Frequency {self.frequency} is out of range.", "Try 0.1 to 5.")

    @property
    def first_day(self) -> np.datetime64:
        """The first local day of business."""
        last = self.as_of.astype("datetime64[D]")
        return np.datetime64(last - np.timedelta64(int(self.years * 365.25), "D"))

    @property
    def last_day(self) -> np.datetime64:
        """The last local day that a booking may lie on."""
        return np.datetime64(self.as_of.astype("datetime64[D]") + np.timedelta64(DAYS_AHEAD, "D"))

    @property
    def days(self) -> int:
        """Days from the first to the last, both counted."""
        return int((self.last_day - self.first_day).astype(int)) + 1

    def random(self, subject: str) -> np.random.Generator:
        """The random stream of one subject, always the same for the same seed."""
        return np.random.default_rng([self.seed, STREAMS.index(subject)])
