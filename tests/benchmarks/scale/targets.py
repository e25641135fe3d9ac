"""What the platform must reach, beside what was measured, as a table.

Put here targets and printing. Do not put here measuring.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.benchmarks.scale.figures import Figures

MINUTE = 60


@dataclass(frozen=True, slots=True)
class Target:
    """A figure and its limit; `is_least` where more is better."""

    what: str
    limit: float
    unit: str
    measured: Callable[[Figures, Figures], float | None]
    is_least: bool = False

    def line(self, own: Figures, smaller: Figures) -> str:
        """Return one line of the table."""
        value = self.measured(own, smaller)
        sign = "≥" if self.is_least else "≤"
        wanted = f"{sign} {self.limit:,.4g} {self.unit}"
        if value is None:
            return f"{self.what:<58} {'not measured':>14}   {wanted}"
        reached = value >= self.limit if self.is_least else value <= self.limit
        mark = "reached" if reached else "missed"
        return f"{self.what:<58} {f'{value:,.4g} {self.unit}':>14}   {wanted:<14} {mark}"


def _figure(step: str, *names: str) -> Callable[[Figures, Figures], float | None]:
    return lambda own, _: own.get(step, *names)


def _ratio(
    above: tuple[str, ...], below: tuple[str, ...]
) -> Callable[[Figures, Figures], float | None]:
    return lambda own, _: _divided(own.get(*above), own.get(*below))


def _divided(above: float | None, below: float | None) -> float | None:
    return above / below if above is not None and below else None


HOUR = ("hour", "postgres", "warehouse_seconds")
TARGETS = (
    Target("hour of 1,000 changes: Dagster run", 20, "s", _figure("hour", "run_seconds")),
    Target("hour of 1,000 changes: in Postgres", 6, "s", _figure(*HOUR)),
    Target("hour of 1,000 changes: Dagster beyond dbt", 5, "s", _figure("hour", "dagster_seconds")),
    Target("hour without changes: Dagster run", 12, "s", _figure("idle", "run_seconds")),
    Target(
        "the hour's run here against one million in store",
        1.3,
        "x",
        lambda own, smaller: _divided(
            own.get("hour", "run_seconds"), smaller.get("hour", "run_seconds")
        ),
    ),
    Target(
        "full rebuild against the hour, in Postgres",
        50,
        "x",
        _ratio(("full", "postgres", "warehouse_seconds"), HOUR),
        is_least=True,
    ),
    Target(
        "S0's three views, corrected, against the hour, in Postgres",
        5,
        "x",
        _ratio(("baseline", "postgres", "warehouse_seconds"), HOUR),
        is_least=True,
    ),
    Target("full rebuild", 15 * MINUTE, "s", _figure("full", "run_seconds")),
    Target("load of all raw files", 10 * MINUTE, "s", _figure("load", "seconds")),
    Target(
        "warehouse on disk against its raw tables",
        2.5,
        "x",
        _ratio(("sizes", "warehouse_bytes"), ("sizes", "raw_tables_bytes")),
    ),
    Target("--verify", 3 * MINUTE, "s", _figure("verify", "run_seconds")),
)
MORE = (
    ("appointments", ("load", "rows", "appointments"), 1, ""),
    ("rows loaded", ("load", "rows_read"), 1, ""),
    ("rows loaded a second", ("load", "rows_a_second"), 1, ""),
    ("memory of the loading process", ("load", "peak_memory_bytes"), 1e6, "MB"),
    ("memory of the generating process", ("generate", "peak_memory_bytes"), 1e6, "MB"),
    ("Postgres at most, while loading", ("load", "postgres", "peak_memory_bytes"), 1e6, "MB"),
    ("Postgres at most, full rebuild", ("full", "postgres", "peak_memory_bytes"), 1e6, "MB"),
    ("refreshing process, full rebuild", ("full", "peak_memory_bytes"), 1e6, "MB"),
    ("full rebuild, in Postgres", ("full", "postgres", "warehouse_seconds"), 1, "s"),
    ("full rebuild, processor time of Postgres", ("full", "postgres", "processor_seconds"), 1, "s"),
    ("hour, from command to its end", ("hour", "seconds"), 1, "s"),
    ("hour, dbt", ("hour", "dbt_seconds"), 1, "s"),
    ("hour, processor time of Postgres", ("hour", "postgres", "processor_seconds"), 1, "s"),
    ("hour, loading", ("hour", "load_seconds"), 1, "s"),
    ("hour, rows of marts changed", ("hour", "rows_changed"), 1, ""),
    ("hour without changes, rows of marts changed", ("idle", "rows_changed"), 1, ""),
    ("S0's three views, wall", ("baseline", "seconds"), 1, "s"),
    ("S0's three views, in Postgres", ("baseline", "postgres", "warehouse_seconds"), 1, "s"),
    ("raw files", ("generate", "files_bytes"), 1e9, "GB"),
    ("raw tables", ("sizes", "raw_tables_bytes"), 1e9, "GB"),
    ("marts", ("sizes", "marts_bytes"), 1e9, "GB"),
    ("everything else", ("sizes", "other_bytes"), 1e9, "GB"),
)


def print_table(own: Figures, smaller: Figures) -> None:
    """Print every target with its figure, then what else was measured."""
    for target in TARGETS:
        print(target.line(own, smaller))
    print()
    for what, names, scale, unit in MORE:
        value = own.get(*names)
        if value is not None:
            digits = 2 if unit in ("GB", "s") else 0
            print(f"{what:<58} {f'{value / scale:,.{digits}f} {unit}'.rstrip():>14}")
