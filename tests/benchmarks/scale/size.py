"""How large the platform of a benchmark is, for a number of appointments.

Put here the proportions. Do not put here generating (orchestration/demo) or steps (steps.py).
"""

from __future__ import annotations

from dataclasses import dataclass

# Of the platform: 200 organizations with 1,000 locations and 500,000 clients come to ten
# million bookings in five years. The demo's organizations have seven locations to four.
APPOINTMENTS_PER_CUSTOMER = 20
CUSTOMERS_PER_ORGANIZATION = 2_500
FEWEST_ORGANIZATIONS = 4
BRANCHES = 3
YEARS = 5
# What makes the demo's clients come 20 times each in five years; measured.
FREQUENCY = 2.1
# A Friday: noon in Toronto, five in Berlin. Salons are open, and the past is far enough.
AS_OF = "2026-10-30T16:00:00+00:00"


@dataclass(frozen=True, slots=True)
class Size:
    """What the generator is asked for."""

    appointments: int

    @property
    def customers(self) -> int:
        """Clients, by the appointments that each makes."""
        return max(100, self.appointments // APPOINTMENTS_PER_CUSTOMER)

    @property
    def organizations(self) -> int:
        """Businesses: a multiple of four, which differ."""
        wanted = self.customers // CUSTOMERS_PER_ORGANIZATION // 4 * 4
        return max(FEWEST_ORGANIZATIONS, wanted)

    @property
    def name(self) -> str:
        """What the benchmark's figures are filed under."""
        return f"scale-{self.appointments}"

    def demo_arguments(self) -> list[str]:
        """Return the options of `chairside demo`."""
        options = {
            "--customers": self.customers,
            "--organizations": self.organizations,
            "--branches": BRANCHES,
            "--frequency": FREQUENCY,
            "--years": YEARS,
            "--as-of": AS_OF,
            "--answers": "none",
        }
        return [text for name, value in options.items() for text in (name, str(value))]
