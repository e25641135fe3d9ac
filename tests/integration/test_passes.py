"""A rebuild in several passes: each is judged before readers see any of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dagster as dg
import pytest

from orchestration.automation import QUIET
from orchestration.definitions import build_definitions
from orchestration.jobs import REFRESH_JOB
from orchestration.refresh.scope import plan

if TYPE_CHECKING:
    from tests.warehouse import Warehouse

# So many tickets that no rebuild will find that the organization seems to have lost them.
INVENTED = """
    insert into marts.sales
    select (jsonb_populate_record(
        sales, jsonb_build_object('sale_id', sales.sale_id || '-invented')
    )).*
    from marts.sales where organization_id = 'cedar'
"""


def test_a_run_of_chosen_tables_publishes_nothing(scratch_warehouse: Warehouse) -> None:
    scratch_warehouse.execute("update ops.organization_states set is_stale = true")
    before = scratch_warehouse.public_tables()

    with scratch_warehouse.active() as settings, dg.DagsterInstance.get() as instance:
        definitions = build_definitions(settings)
        built = dg.AssetSelection.assets("build/products", "build/visits")
        chosen = built | dg.AssetSelection.key_prefixes("marts")
        result = definitions.resolve_job_def(REFRESH_JOB).execute_in_process(
            asset_selection=list(chosen.resolve(definitions.resolve_asset_graph())),
            run_config=QUIET,
            instance=instance,
            raise_on_error=False,
        )

    assert not result.success
    refresh = scratch_warehouse.rows("select * from ops.refreshes order by refresh_id desc")[0]
    assert refresh["status"] == "failed"
    assert "Launch the whole job 'refresh'" in refresh["error"]
    assert scratch_warehouse.public_tables() == before


def test_marts_of_a_pass_that_lost_rows_are_not_published(
    scratch_warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "ROWS_OF_A_PASS", 1)
    scratch_warehouse.execute(INVENTED)
    scratch_warehouse.execute("update ops.organization_states set is_stale = true")
    before = scratch_warehouse.public_tables()

    result = scratch_warehouse.refresh(None)

    assert not result.succeeded
    refresh = scratch_warehouse.rows("select * from ops.refreshes order by refresh_id desc")[0]
    assert refresh["error"] == "1 check(s) failed: marts.sales: no_rows_are_lost"
    assert scratch_warehouse.public_tables() == before
    stale = scratch_warehouse.rows("select 1 from ops.organization_states where not is_stale")
    assert stale == [], "the organization that came first is what failed"
