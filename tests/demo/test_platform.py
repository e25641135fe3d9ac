"""A platform written in parts: one set of files, every business once, its bytes still decided."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from orchestration.demo import platform
from orchestration.demo.plan import Plan
from orchestration.demo.platform import parts_of, write_platform
from orchestration.demo.salon import make_demo

TWO_PARTS = Plan(customers=80, years=1, seed=7, organizations=8)


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Eight businesses in two parts."""
    monkeypatch.setattr(platform, "ORGANIZATIONS_PER_PART", 4)
    write_platform(TWO_PARTS, tmp_path)
    return tmp_path


def test_a_platform_of_one_part_has_the_bytes_of_a_demo(
    plan: Plan, folder: Path, tmp_path: Path
) -> None:
    write_platform(plan, tmp_path)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert "appointments.csv" in names
    assert all((tmp_path / n).read_bytes() == (folder / n).read_bytes() for n in names)


@pytest.mark.parametrize("organizations", [4, 19, 20, 23, 24, 47, 200])
def test_parts_share_out_all_organizations_and_clients(organizations: int) -> None:
    parts = list(parts_of(Plan(customers=9_999, organizations=organizations)))
    numbers = [p.first_organization + n for p in parts for n in range(p.organizations)]
    assert numbers == list(range(organizations))
    assert sum(part.customers for part in parts) == 9_999
    assert len({part.seed for part in parts}) == len(parts)


def test_later_parts_continue_the_files_of_the_first(written: Path) -> None:
    bookings = pd.read_csv(written / "appointments.csv", dtype=str)
    organizations = pd.read_csv(written / "organizations.csv", dtype=str)["organization_id"]
    assert len(set(organizations)) == len(organizations) == 8
    assert set(bookings["organization_id"]) == set(organizations)
    lines = (written / "appointments.csv").read_text().splitlines()
    assert lines.count(lines[0]) == 1


def test_the_traps_of_a_platform_are_in_its_first_part(written: Path) -> None:
    merges = pd.read_csv(written / "customer_merges.csv", dtype=str)
    planted = merges["from_customer_id"].str.fullmatch(r"c\d{7}") == False  # noqa: E712
    assert set(merges[planted]["organization_id"]) <= {"maple", "linden", "cedar", "sakura"}
    assert planted.any()


def test_branches_repeat_the_locations_of_each_business() -> None:
    business = make_demo(replace(TWO_PARTS, branches=3)).simulation.business
    assert len(business.locations) == 3 * len(make_demo(TWO_PARTS).simulation.business.locations)
    keys = list(zip(business.organization_of, (p.key for p in business.locations), strict=True))
    assert len(set(keys)) == len(keys)


def test_frequency_brings_clients_more_often() -> None:
    plan = Plan(customers=400, years=2, seed=3)
    usual, frequent = (
        len(make_demo(replace(plan, frequency=times)).simulation.bookings.rows) for times in (1, 2)
    )
    assert 1.5 < frequent / usual < 2.5
