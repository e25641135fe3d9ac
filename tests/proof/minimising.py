"""A failing history made small: as many candidates at once as there are lanes.

Put here the search for less. Do not put here running histories (trial.py). Hypothesis would shrink
one candidate after another; lanes try a dozen for the price of one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from tests.proof.comparison import Differences
from tests.proof.steps import History, Hour, Put, clock_of
from tests.proof.trial import LANES, Proof, run_histories

# A step's place in its history: hour, load, number within the load.
Place = tuple[int, int, int]
Failing = tuple[History, Differences]
Smaller = Callable[[History], Iterator[History]]
MOST_ROUNDS = 60


def minimise(proof: Proof, history: History) -> Failing:
    """Return a history that still fails and from which no single thing can be taken away.

    Raises ValueError where the history does not fail on its own.
    """
    failing = _first_failing(proof, [history])
    if failing is None:
        raise ValueError("the history does not fail in a lane of its own")
    for smaller_ones in (_fewer_steps, _fewer_hours, _fewer_steps, _plainer_steps):
        failing = _shrink(proof, failing, smaller_ones)
    return failing


def _shrink(proof: Proof, failing: Failing, smaller_ones: Smaller) -> Failing:
    for _ in range(MOST_ROUNDS):
        found = None
        for candidates in _side_by_side(smaller_ones(failing[0])):
            found = _first_failing(proof, candidates)
            if found is not None:
                break
        if found is None:
            return failing
        failing = found
    return failing


def _first_failing(proof: Proof, candidates: Sequence[History]) -> Failing | None:
    """Return the first candidate that fails, without what comes after its failure."""
    lanes = dict(zip(LANES, candidates, strict=False))
    found = run_histories(proof, lanes)
    for lane, candidate in lanes.items():
        if lane in found:
            number, differences = found[lane][0]
            return candidate[: number + 1], differences
    return None


def _side_by_side(candidates: Iterator[History]) -> Iterator[list[History]]:
    """Yield candidates in groups that fit into the lanes and share their clock."""
    group: list[History] = []
    for candidate in candidates:
        is_full = len(group) == len(LANES)
        if group and (is_full or clock_of(candidate) != clock_of(group[0])):
            yield group
            group = []
        group.append(candidate)
    if group:
        yield group


def _places(history: History) -> list[Place]:
    return [
        (hour, load, number)
        for hour, one in enumerate(history)
        for load, steps in enumerate(one.loads)
        for number in range(len(steps))
    ]


def _without(history: History, gone: set[Place]) -> History:
    return tuple(
        Hour(
            one.as_of,
            tuple(
                tuple(step for n, step in enumerate(steps) if (hour, load, n) not in gone)
                for load, steps in enumerate(one.loads)
            ),
        )
        for hour, one in enumerate(history)
    )


def _fewer_steps(history: History) -> Iterator[History]:
    """Yield the history with only a part of its steps, then without a part, large parts first."""
    places = _places(history)
    if places:
        yield _without(history, set(places))
    size = len(places) // 2
    while size:
        parts = [set(places[i : i + size]) for i in range(0, len(places), size)]
        if size > 1 or len(places) == 2:
            yield from (_without(history, set(places) - part) for part in parts)
        yield from (_without(history, part) for part in parts)
        size //= 2


def _fewer_hours(history: History) -> Iterator[History]:
    """Yield the history with a refresh less, its loads left to the next; then with loads joined."""
    for number in range(len(history) - 1):
        merged = replace(
            history[number + 1], loads=history[number].loads + history[number + 1].loads
        )
        yield (*history[:number], merged, *history[number + 2 :])
    for number, one in enumerate(history):
        if len(one.loads) > 1:
            joined = replace(one, loads=(tuple(step for load in one.loads for step in load),))
            yield (*history[:number], joined, *history[number + 1 :])


def _plainer_steps(history: History) -> Iterator[History]:
    """Yield the history with one changed column less."""
    for hour, load, number in _places(history):
        step = history[hour].loads[load][number]
        for column in step.changes if len(step.changes) > 1 else ():
            fewer = replace(step, changes=tuple(c for c in step.changes if c != column))
            yield _with(history, (hour, load, number), fewer)


def _with(history: History, place: Place, step: Put) -> History:
    hour, load, number = place
    loads = [list(steps) for steps in history[hour].loads]
    loads[load][number] = step
    changed = replace(history[hour], loads=tuple(map(tuple, loads)))
    return (*history[:hour], changed, *history[hour + 1 :])
