"""The same plan gives the same bytes; the committed salon is what the generator writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.demo.answers.expected import write_answers
from orchestration.demo.plan import Plan
from orchestration.demo.salon import Demo, make_demo, write_demo

COMMITTED = Path(__file__).parents[2] / "seeds" / "demo"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_the_same_plan_writes_the_same_bytes(folder: Path, plan: Plan, tmp_path: Path) -> None:
    again = make_demo(plan)
    write_demo(again, tmp_path)
    write_answers(again, tmp_path)
    assert contents(tmp_path) == contents(folder)


def test_the_committed_salon_is_what_the_generator_writes(folder: Path) -> None:
    committed, written = contents(COMMITTED), contents(folder)
    assert sorted(committed) == sorted(written)
    stale = [name for name, content in committed.items() if written[name] != content]
    assert not stale, "write it again: chairside demo seeds/demo --customers 60 --years 1 --seed 7"


def test_the_committed_salon_stays_small() -> None:
    assert sum(len(content) for content in contents(COMMITTED).values()) < 1_300_000


def test_another_seed_gives_another_demo(demo: Demo, plan: Plan) -> None:
    other = make_demo(Plan(plan.customers, plan.years, seed=8))
    assert not other.delivery.truth["sales"].equals(demo.delivery.truth["sales"])


@pytest.mark.parametrize("seed", range(1, 5))
def test_the_smallest_demo_has_answers_whatever_the_seed(seed: int, tmp_path: Path) -> None:
    demo = make_demo(Plan(customers=20, years=1, seed=seed))
    rows = write_demo(demo, tmp_path)
    assert rows["appointments"] > 0
    assert write_answers(demo, tmp_path).is_file()
