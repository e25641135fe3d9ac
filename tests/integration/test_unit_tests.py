"""The unit tests beside the models: each metric's logic on rows made up for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.integration.conftest import Warehouse


def test_every_unit_test_of_the_dbt_project_passes(scratch_warehouse: Warehouse) -> None:
    command = scratch_warehouse.command("dbt", "test", "--select", "test_type:unit")
    said, _ = command.communicate()

    assert command.returncode == 0, said[-10_000:]
    passed = re.search(r"PASS=(\d+)", said)
    assert passed is not None, said[-1_000:]
    assert int(passed[1]) > 0
