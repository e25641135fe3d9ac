"""`chairside demo` as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from orchestration.cli.demo import read_as_of
from orchestration.cli.main import main
from orchestration.demo.plan import DEFAULT_AS_OF, DemoPlanError, Plan


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["demo", *arguments])


def test_it_says_what_it_wrote_and_what_to_do_next(tmp_path: Path) -> None:
    folder = tmp_path / "salon"
    result = run(str(folder), "--customers", "30", "--years", "1")
    assert result.exit_code == 0, result.output
    assert f"chairside load {folder}" in result.stdout
    assert (folder / "expected.json").is_file()


def test_it_overwrites_its_own_demo_and_nothing_else(tmp_path: Path) -> None:
    arguments = (str(tmp_path), "--customers", "30", "--years", "1", "--answers", "none")
    assert run(*arguments, "--format", "parquet").exit_code == 0
    assert run(*arguments).exit_code == 0
    assert not list(tmp_path.glob("*.parquet"))
    (tmp_path / "thesis.doc").write_text("mine")
    result = run(*arguments)
    assert result.exit_code == 1
    assert "thesis.doc" in result.output
    assert (tmp_path / "sales.csv").is_file()


def test_a_summary_lists_days_and_clients_but_only_planted_details(tmp_path: Path) -> None:
    arguments = ("--customers", "60", "--years", "1", "--seed", "7", "--answers", "summary")
    assert run(str(tmp_path), *arguments).exit_code == 0
    tables = json.loads((tmp_path / "expected.json").read_text())["tables"]
    assert all("trap-" in row["sale_id"] for row in tables["sales"]["rows"])
    assert tables["sales"]["complete"] is False
    assert tables["customer_analytics"]["complete"] is True


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        (None, DEFAULT_AS_OF),
        ("2026-03-01T12:00:00Z", np.datetime64("2026-03-01T12:00:00")),
        ("2026-03-01T12:00:00", np.datetime64("2026-03-01T12:00:00")),
        ("2026-03-01T12:00:00-05:00", np.datetime64("2026-03-01T17:00:00")),
    ],
)
def test_an_instant_without_an_offset_is_utc(text: str | None, instant: np.datetime64) -> None:
    assert read_as_of(text) == instant


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--as-of", "yesterday"], "is no instant"),
        (["--customers", "3"], "too few"),
        (["--years", "0"], "out of range"),
        (["--organizations", "1"], "Fewer than four"),
    ],
)
def test_what_cannot_be_made_is_refused_with_a_hint(
    tmp_path: Path, arguments: list[str], message: str
) -> None:
    result = run(str(tmp_path), *arguments)
    assert result.exit_code == 1
    assert message in result.output


def test_history_begins_whole_years_before_as_of() -> None:
    plan = Plan(years=2, as_of=np.datetime64("2024-03-01T00:00:00", "s"))
    assert plan.first_day == np.datetime64("2022-03-02")
    with pytest.raises(DemoPlanError):
        Plan(years=21)
