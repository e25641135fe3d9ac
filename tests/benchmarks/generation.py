"""How fast demos are generated and written: rows a second, by part. Prints, never judges.

Run it with: python -m tests.benchmarks.generation [appointments]
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

from orchestration.demo.answers.expected import write_answers
from orchestration.demo.files import prepare_folder, write_tables
from orchestration.demo.plan import Plan
from orchestration.demo.rendering import Tables
from orchestration.demo.salon import RENDERERS, Demo
from orchestration.demo.simulation import simulate
from orchestration.demo.traps.plant import plant_traps

CLIENTS_PER_APPOINTMENT = 0.132
ANSWERED_UP_TO = 100_000


def main() -> None:
    """Generate a demo of about as many appointments as asked for, and say what each part took."""
    appointments = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    plan = Plan(customers=max(20, int(appointments * CLIENTS_PER_APPOINTMENT)))
    clock = _Clock()
    simulation = simulate(plan)
    clock.lap("simulate")
    tables: Tables = {}
    for render in RENDERERS:
        tables |= render(simulation)
    clock.lap("lay out")
    demo = Demo(simulation, plant_traps(simulation, tables))
    clock.lap("plant traps")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare_folder(folder)
        rows = dict(write_tables(demo.delivery, folder, simulation.business))
        clock.lap("write")
        size = sum(path.stat().st_size for path in folder.iterdir())
        if rows["appointments"] <= ANSWERED_UP_TO:
            write_answers(demo, folder)
            clock.lap("answers")
    total = sum(rows.values())
    print(f"{rows['appointments']:,} appointments, {total:,} rows, {size / 1e6:,.0f} MB")
    for part, seconds in clock.laps.items():
        print(f"  {part:12} {seconds:7.2f} s  {total / seconds:12,.0f} rows/s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  {'all':12} {sum(clock.laps.values()):7.2f} s  at most {peak:,.0f} MB of memory")


class _Clock:
    """Seconds since the lap before."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps[name], self._last = now - self._last, now


if __name__ == "__main__":
    main()
