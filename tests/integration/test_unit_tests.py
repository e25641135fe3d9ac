"""The unit tests beside the models: each metric's logic on rows made up for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.dbt.arguments import common_arguments

if TYPE_CHECKING:
    from orchestration.dbt.runner import DbtRunner
    from tests.warehouse import Warehouse


def test_every_unit_test_of_the_dbt_project_passes(
    scratch_warehouse: Warehouse, runner: DbtRunner
) -> None:
    arguments = ["test", "--select", "test_type:unit", *common_arguments(runner.paths)]
    with scratch_warehouse.active():
        outcomes = list(runner.stream(arguments))

    assert outcomes
    assert {o.name: o.message for o in outcomes if o.status != "pass"} == {}
