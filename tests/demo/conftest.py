"""One small demo for all tests of the generator, as its frames and as its files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from orchestration.demo.answers.comparison import read_expected
from orchestration.demo.answers.expected import write_answers
from orchestration.demo.plan import Plan
from orchestration.demo.salon import Demo, make_demo, write_demo

SMALL = Plan(customers=60, years=1, seed=7)
Answers = dict[str, dict[tuple[str, ...], dict[str, Any]]]


@pytest.fixture(scope="session")
def plan() -> Plan:
    """The plan of the committed salon."""
    return SMALL


@pytest.fixture(scope="session")
def demo(plan: Plan) -> Demo:
    """The small demo; read only."""
    return make_demo(plan)


@pytest.fixture(scope="session")
def larger_demo() -> Demo:
    """A demo large enough for shares and averages to mean something; read only."""
    return make_demo(Plan(customers=1_500, years=2, seed=3))


@pytest.fixture(scope="session")
def folder(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small demo's files with expected.json."""
    folder = tmp_path_factory.mktemp("small-demo")
    write_demo(demo, folder)
    write_answers(demo, folder)
    return folder


@pytest.fixture(scope="session")
def document(folder: Path) -> dict[str, Any]:
    """expected.json with its rows in full."""
    return read_expected(folder / "expected.json")


@pytest.fixture(scope="session")
def answers(document: dict[str, Any]) -> Answers:
    """Answers by table and key, without the organization where it is maple."""
    return {
        name: {_short(tuple(row[k] for k in table["key"])): row for row in table["rows"]}
        for name, table in document["tables"].items()
    }


def _short(key: tuple[str, ...]) -> tuple[str, ...]:
    return key[1:] if key[0] == "maple" else key
