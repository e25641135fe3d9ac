"""A demo as it is delivered: the simulated businesses as entities, with every trap planted.

Put here what assembles a demo and writes it. Do not put here the parts (simulation.py,
rendering*.py, traps) nor the options of the command (cli/demo.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from orchestration.demo.files import prepare_folder, write_tables
from orchestration.demo.plan import Plan
from orchestration.demo.rendering import Tables
from orchestration.demo.rendering_business import render_business
from orchestration.demo.rendering_catalog import render_catalog
from orchestration.demo.rendering_clients import render_clients
from orchestration.demo.rendering_liabilities import render_liabilities
from orchestration.demo.rendering_payments import render_payments
from orchestration.demo.rendering_tills import render_tills
from orchestration.demo.simulation import Simulation, simulate
from orchestration.demo.traps.plant import Delivery, plant_traps

Progress = Callable[[str], None]
RENDERERS = (
    render_business,
    render_catalog,
    render_clients,
    render_tills,
    render_payments,
    render_liabilities,
)


@dataclass(slots=True)
class Demo:
    """What was simulated, and how it is delivered."""

    simulation: Simulation
    delivery: Delivery


def make_demo(plan: Plan, progress: Progress = lambda _: None) -> Demo:
    """Simulate the plan and render its entities."""
    progress("Simulating the businesses")
    simulation = simulate(plan)
    progress("Laying out the entities")
    tables: Tables = {}
    for render in RENDERERS:
        tables |= render(simulation)
    return Demo(simulation, plant_traps(simulation, tables))


def write_demo(
    demo: Demo, folder: Path, file_format: str = "csv", progress: Progress = lambda _: None
) -> dict[str, int]:
    """Write the files; returns rows by entity. Raises ChairsideError for a folder in use."""
    prepare_folder(folder)
    rows: dict[str, int] = {}
    for name, count in write_tables(demo.delivery, folder, demo.simulation.business, file_format):
        progress(f"Wrote {name}")
        rows[name] = count
    return rows
