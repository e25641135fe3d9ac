"""The currencies that money may be in, from seeds/reference/currencies.csv.

Put here reading that list. Do not put here conversion to minor units, which dbt does.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from orchestration.settings import find_project_root


@cache
def minor_unit_exponents() -> dict[str, int]:
    """Return the number of decimals of each currency by its ISO 4217 code (yen 0, dollar 2)."""
    path = find_project_root(Path.cwd()) / "seeds" / "reference" / "currencies.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["currency"]: int(row["exponent"]) for row in csv.DictReader(file)}
