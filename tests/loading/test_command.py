"""`chairside load` shows what was loaded and what was wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from orchestration.cli.main import main

LOCATION = "organization_id,location_id,name,timezone,currency\nshop,one,One,Europe/London,GBP\n"
SALES = "organization_id,sale_id,location_id,customer_id,sale_date\n"


@pytest.fixture
def load(fresh_database, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("CHAIRSIDE_DATABASE_URL", fresh_database)
    monkeypatch.setenv("CHAIRSIDE_HOME", str(tmp_path / "home"))
    data = tmp_path / "data"
    data.mkdir()

    def run(*options: str, **files: str) -> Result:
        for name, text in files.items():
            (data / f"{name}.csv").write_text(text)
        return CliRunner().invoke(main, ["load", str(data), *options])

    return run


def test_a_load_is_summed_up_by_entity(load) -> None:
    result = load(locations=LOCATION, sales=SALES + "shop,s1,one,,2026-05-01\n")
    assert result.exit_code == 0, result.output
    assert "2 rows" in result.output
    rows = {line.split()[0]: line.split()[1:3] for line in result.output.splitlines()[2:]}
    assert rows == {"locations": ["1", "1"], "sales": ["1", "1"]}
    assert "Nothing changed" in load().output


def test_problems_are_shown_with_the_place_to_find_them_all(load) -> None:
    bad = SALES + "shop,s1,one,,tomorrow\nshop,s2,two,,2026-05-01\n"
    result = load("--max-reject-share", "0.5", locations=LOCATION, sales=bad)
    assert result.exit_code == 0, result.output
    assert "sales.csv, line 2, sale_date: 'tomorrow' is not a date" in result.output
    assert "sales.csv, line 3, location_id: 'two' is unknown" in result.output
    assert "ops.rejected_rows, with load_id" in result.output


def test_a_failed_load_ends_with_what_to_do_and_no_traceback(load) -> None:
    result = load(locations=LOCATION, sales=SALES + "shop,s1,one,,tomorrow\n")
    assert result.exit_code == 1
    assert "sales.csv: 1 of 1 rows (100.0%) were rejected" in result.output
    assert "Correct the file and load it again" in result.output
    assert "Traceback" not in result.output


def test_a_mapping_that_does_not_exist_is_named(load) -> None:
    result = load("--mapping", "none.yml", locations=LOCATION)
    assert result.exit_code == 1
    assert "The mapping none.yml cannot be read" in result.output
