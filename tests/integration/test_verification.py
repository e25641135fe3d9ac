"""The nightly alarm: what readers see is compared with a rebuild, and no difference is missed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from orchestration.refresh import leftovers

if TYPE_CHECKING:
    from tests.warehouse import Warehouse

TAMPERED = """
    update marts.customer_analytics set visits = visits + 1
    where (organization_id, customer_id) = (
        select organization_id, customer_id from marts.customer_analytics
        where visits > 0 order by 1, 2 limit 1
    )
"""


@pytest.fixture(scope="module")
def verified(scratch_warehouse: Warehouse) -> Warehouse:
    """A warehouse that the verification has found equal to a rebuild."""
    with pytest.MonkeyPatch.context() as patch:
        # As if every table were large.
        patch.setattr(leftovers, "LARGE_BYTES", 0)
        result = scratch_warehouse.refresh_beside_readers(None, "verification")
    assert result.succeeded, result.error
    return scratch_warehouse


def test_public_tables_equal_a_full_rebuild(verified: Warehouse) -> None:
    refresh = verified.rows("select * from ops.refreshes order by refresh_id desc limit 1")[0]
    assert (refresh["mode"], refresh["status"]) == ("verify", "succeeded")
    assert refresh["as_of"] == verified.as_of
    assert refresh["published_at"] is None
    steps = verified.rows(
        "select step_name, status, rows from ops.refresh_steps"
        " where refresh_id = %s and step_type = 'verification'",
        (refresh["refresh_id"],),
    )
    assert {step["status"] for step in steps} == {"succeeded"}
    assert "marts.financial_daily" in {step["step_name"] for step in steps}
    assert verified.rows("select 1 from intermediate.int_visits limit 1") == []


def test_a_row_that_differs_is_an_alarm_that_names_table_key_and_column(
    verified: Warehouse,
) -> None:
    verified.execute(TAMPERED)
    before = verified.public_tables()

    process = verified.command("refresh", "--verify")
    output, _ = process.communicate()

    assert process.returncode == 1, output
    assert re.search(r"marts.customer_analytics +\d+ rows  differs: 1 different in visits;", output)
    assert re.search(r"marts.sales +[\d,]+ rows  equal", output)
    refresh = verified.rows("select * from ops.refreshes order by refresh_id desc limit 1")[0]
    assert (refresh["mode"], refresh["status"]) == ("verify", "failed")
    assert refresh["error"] == "differs from a full rebuild: marts.customer_analytics"
    step = verified.rows(
        "select error from ops.refresh_steps where refresh_id = %s"
        " and step_type = 'verification' and status = 'failed'",
        (refresh["refresh_id"],),
    )
    assert len(step) == 1
    assert step[0]["error"].startswith("1 different in visits; such as ")
    # Only publishing changes what readers see; the next refresh will.
    assert verified.public_tables() == before
    states = verified.rows("select * from ops.organization_states order by organization_id")
    assert [state["organization_id"] for state in states if state["is_stale"]] == [
        step[0]["error"].split("such as ")[1].split(" / ")[0]
    ]
    assert all(state["verified_at"] is not None for state in states)


def test_a_verification_takes_no_options_of_a_refresh(verified: Warehouse) -> None:
    process = verified.command("refresh", "--verify", "--full")
    output, _ = process.communicate()
    assert process.returncode == 2
    assert "--verify refreshes nothing" in output
