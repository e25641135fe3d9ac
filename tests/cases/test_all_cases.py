"""What holds for every case: its files are named as they must be, and each hour was a rebuild's."""

from __future__ import annotations

import csv

from tests.cases.conftest import CLOCKS, INPUTS, Cases


def test_each_case_is_an_organization_of_its_own_name() -> None:
    for file in INPUTS.rglob("*.csv"):
        case, step = file.relative_to(INPUTS).parts[:2]
        assert int(step) <= len(CLOCKS), f"{file} is of a step that there is not"
        with file.open(encoding="utf-8") as rows:
            organizations = {row["organization_id"] for row in csv.DictReader(rows)}
        assert organizations == {case}, file


def test_a_rebuild_gives_what_the_refreshes_gave(cases: Cases) -> None:
    result = cases.warehouse.refresh(None, "verification")
    assert result.succeeded, result.error
