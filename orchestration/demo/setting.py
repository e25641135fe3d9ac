"""The setting: what is given before anything happens.

Put here what most parts of the simulation start from. Do not put here anything that happens.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.demo.business import Business
from orchestration.demo.catalog import PriceList
from orchestration.demo.plan import Plan


@dataclass(frozen=True, slots=True)
class Setting:
    """The plan, the businesses with their prices, and the clients with their habits."""

    plan: Plan
    business: Business
    prices: PriceList
    clients: pd.DataFrame

    @property
    def as_of(self) -> np.datetime64:
        """The demo's present, UTC."""
        return self.plan.as_of
