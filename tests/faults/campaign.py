"""Faults at random moments, and the proof that the next run needs no help.

Put here the order of strikes and repairs, and what must hold after a repair. Do not put here the
strikes (strikes.py) or how the outcome is shown (tests/benchmarks/faults.py).
"""

from __future__ import annotations

import csv
import random
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orchestration.exporting.manifest import find_damage, read_manifest
from tests.faults.strikes import Strike, free_disk
from tests.faults.world import (
    COMMAND_TIMEOUT_SECONDS,
    Contents,
    Rows,
    World,
    difference,
    public_rows,
)

COMMANDS = ("load", "refresh", "export")
# Two states that the world goes to and fro between: other rows, and another clock, which so turns
# back every other time.
CLOCKS = ("2026-11-01T12:00:00Z", "2026-09-15T12:00:00Z")
# How often a command is begun for one strike that comes too late, or finds nothing to hit.
TRIES = 4
ENDED = "nothing: it had ended"
UNFINISHED = """
    select refresh_id, status, error from ops.refreshes
    where status = 'running' or (status = 'failed' and coalesce(error, '') = '')
"""


@dataclass(frozen=True, slots=True)
class State:
    """One of the two states: the files to load, the clock, and what there must be in the end."""

    files: Path
    as_of: str
    contents: Contents = field(default_factory=dict)
    members: dict[str, int] = field(default_factory=dict)
    rows: Rows = field(default_factory=dict)

    def arguments(self, command: str) -> list[str]:
        """Return what `chairside` is called with."""
        return {
            "load": ["load", str(self.files), "--source-system", "demo"],
            "refresh": ["refresh", "--as-of", self.as_of],
            "export": ["export"],
        }[command]


@dataclass
class Moment:
    """One strike: what it hit, how the struck command ended, and what the log made of it."""

    strike: str
    command: str
    after_seconds: float
    number: int = 0
    hit: str = ""
    ended: str = ""
    logged: str = ""
    repaired: str = ""


def write_files(demo: Path, folder: Path) -> tuple[Path, Path]:
    """Write both states' files: the demo's own, and the same with a few rows changed.

    Only rows without a version are changed, since those may go back to what they were.
    """
    here, there = folder / "here", folder / "there"
    for target in (here, there):
        shutil.copytree(demo, target)
    _change(there / "appointments.csv", "start_at", 4, lambda row: row | {"status": "no_show"})
    _change(there / "customers.csv", "first_name", 3, lambda row: row | {"first_name": "Renamed"})
    _change(there / "sales.csv", "sale_id", 5, lambda row: row | {"customer_id": ""})
    return here, there


def _change(file: Path, filled: str, each: int, change: Callable[[dict], dict]) -> None:
    with file.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    changed = [
        change(row) if n % each == 0 and row[filled] and not _has_version(row) else row
        for n, row in enumerate(rows)
    ]
    assert changed != rows, f"nothing to change in {file.name}"
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, list(rows[0]))
        writer.writeheader()
        writer.writerows(changed)


def _has_version(row: dict) -> bool:
    return bool(row.get("version") or row.get("updated_at") or row.get("deleted_at"))


def undisturbed(world: World, files: Path, as_of: str) -> State:
    """Return a state with what an empty world comes to that nothing ever disturbed."""
    state = State(files, as_of)
    for command in COMMANDS:
        world.run(*state.arguments(command))
    with world.connection() as connection:
        rows = public_rows(connection)
    return State(files, as_of, world.contents(), members_of(world), rows)


def members_of(world: World) -> dict[str, int]:
    """Return how many members each export has whose manifest readers follow; all must be whole."""
    exports = world.home / "exports"
    manifests = sorted(exports.rglob("manifest.json"))
    damage = [fault for path in manifests for fault in find_damage(path)]
    assert damage == [], damage
    return {str(path.relative_to(exports)): read_manifest(path).rows for path in manifests}


@dataclass
class Campaign:
    """A world in one of two states, struck on its way to the other."""

    world: World
    states: Sequence[State]
    chance: random.Random
    # How long each command takes undisturbed: strikes fall anywhere in it.
    seconds: dict[str, float]
    at: int = 0
    moments: list[Moment] = field(default_factory=list)

    def strike(self, strike: Strike, command: str) -> Moment:
        """Begin a command, strike at a random moment, and let the command end.

        It is on its way to the other state, so that it has something to do. Where it has ended
        before its moment came, it is begun again, with a moment that comes sooner.
        """
        moment = self._strike_once(strike, command)
        for _ in range(TRIES - 1):
            if not moment.hit.startswith("nothing"):
                break
            moment = self._strike_once(strike, command)
        moment.number = len(self.moments) + 1
        self.moments.append(moment)
        return moment

    def _strike_once(self, strike: Strike, command: str) -> Moment:
        self.at = 1 - self.at
        state = self.states[self.at]
        if strike.needs_dbt:
            self.world.forget_compiled()
        moment = Moment(strike.name, command, self.chance.uniform(0, self.seconds[command]))
        started = time.monotonic()
        process = self.world.start(*state.arguments(command))
        try:
            moment.hit = self._act_in_time(strike, process, moment.after_seconds)
            code = process.wait(COMMAND_TIMEOUT_SECONDS)
        finally:
            process.kill()
            free_disk(self.world)
        if moment.hit == ENDED:
            self.seconds[command] = 0.9 * (time.monotonic() - started)
        moment.ended = _ending(code, self.world.said())
        assert "Traceback" not in self.world.said(), self.world.said()
        return moment

    def _act_in_time(self, strike: Strike, process: subprocess.Popen[str], after: float) -> str:
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            return strike.act(self.world, process, self.chance)
        return ENDED

    def next_runs(self) -> None:
        """Run what would run next, without any help, and hold the world to what it must be."""
        state = self.states[self.at]
        for command in COMMANDS:
            started = time.monotonic()
            self.world.run(*state.arguments(command))
            # The machine may be busier or quieter by now.
            self.seconds[command] = time.monotonic() - started
        self.hold(state)

    def hold(self, state: State) -> None:
        """Hold the world to a state: nothing lost, nothing doubled, nothing left open."""
        contents = self.world.contents()
        wrong = {
            table: (contents.get(table), expected)
            for table, expected in state.contents.items()
            if contents.get(table) != expected
        }
        assert wrong == {}, f"not as an undisturbed run's: {self._explain(wrong, state)}"
        assert contents.keys() == state.contents.keys()
        assert members_of(self.world) == state.members
        assert self.world.rows(UNFINISHED) == []
        for moment in self.moments:
            moment.repaired = moment.repaired or "yes"

    def _explain(self, wrong: dict[str, Any], state: State) -> str:
        with self.world.connection() as connection:
            found = public_rows(connection)
        return "; ".join(
            f"{table}: {difference(state.rows[table], found[table])}"
            if table in state.rows and table in found
            else f"{table}: {counts}"
            for table, counts in wrong.items()
        )

    def refresh_log(self) -> list[str]:
        """Return how the refreshes ended, the last first."""
        rows = self.world.rows("select status, error from ops.refreshes order by refresh_id desc")
        return [f"{row['status']}: {row['error'] or ''}".rstrip(": ") for row in rows]


def measure(world: World, state: State) -> dict[str, float]:
    """Return how many seconds each command takes in a world that is in the other state."""
    seconds = {}
    for command in COMMANDS:
        started = time.monotonic()
        world.run(*state.arguments(command))
        seconds[command] = time.monotonic() - started
    return seconds


def _ending(code: int, said: str) -> str:
    lines = [line for line in said.splitlines() if line.startswith(("Error", "error"))]
    return "killed" if code == -9 else f"{code}: {lines[0]}" if lines else str(code)
