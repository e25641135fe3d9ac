"""The nightly alarm: what readers see is compared with a rebuild, and no difference is missed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.integration.conftest import Warehouse

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


def test_a_row_that_differs_is_an_alarm_that_names_table_key_and_column(
    verified: Warehouse,
) -> None:
    verified.execute(TAMPERED)
    before = verified.public_tables()

    result = verified.refresh(None, "verification")

    assert not result.succeeded
    refresh = verified.rows("select * from ops.refreshes order by refresh_id desc limit 1")[0]
    assert refresh["status"] == "failed"
    assert refresh["error"] == "differs from a full rebuild: marts.customer_analytics"
    step = verified.rows(
        "select error from ops.refresh_steps where refresh_id = %s"
        " and step_type = 'verification' and status = 'failed'",
        (refresh["refresh_id"],),
    )
    assert len(step) == 1
    assert step[0]["error"].startswith("1 different in visits; such as ")
    # Only publishing changes what readers see.
    assert verified.public_tables() == before
