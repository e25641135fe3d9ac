"""A platform of many businesses, written part by part so that memory stays that of one part.

Put here the cutting of a plan into parts. Do not put here how a part is made or written (salon.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from orchestration.demo.files import prepare_folder, write_tables
from orchestration.demo.plan import Plan
from orchestration.demo.salon import Progress, make_demo

# A multiple of the four businesses that are repeated.
ORGANIZATIONS_PER_PART = 20


def write_platform(plan: Plan, folder: Path, progress: Progress = lambda _: None) -> dict[str, int]:
    """Write a plan of any size as CSV files; returns rows by entity.

    A plan of one part gives the bytes that it gives as a demo. Raises ChairsideError for a folder
    in use.
    """
    prepare_folder(folder)
    rows: Counter[str] = Counter()
    parts = list(parts_of(plan))
    for part in parts:
        progress(f"Organizations from {part.first_organization + 1} of {plan.organizations}")
        demo = make_demo(part)
        written = write_tables(
            demo.delivery, folder, demo.simulation.business, is_part=len(parts) > 1
        )
        rows.update(dict(written))
    return dict(rows)


def parts_of(plan: Plan) -> Iterator[Plan]:
    """Cut a plan between organizations; each part has its share of clients and a seed of its own.

    Fewer than four organizations at the end join the part before them.
    """
    firsts = list(range(0, max(plan.organizations - 3, 1), ORGANIZATIONS_PER_PART))
    for number, first in enumerate(firsts):
        after = firsts[number + 1] if number + 1 < len(firsts) else plan.organizations
        begun, ended = (plan.customers * n // plan.organizations for n in (first, after))
        yield replace(
            plan,
            customers=ended - begun,
            organizations=after - first,
            first_organization=first,
            seed=plan.seed + number,
        )
