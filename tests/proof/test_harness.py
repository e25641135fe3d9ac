"""The proof can fail: a table that is wrong in any way is named, by key and column."""

from __future__ import annotations

from datetime import timedelta

import pytest

from orchestration.postgres.connection import connect
from tests.proof.conftest import long_only
from tests.proof.minimising import minimise
from tests.proof.steps import FIRST_AS_OF, hour, put
from tests.proof.trial import Proof, Trial
from tests.proof.warehouses import ProofWarehouse

# Each wrong row by what has to be said of it.
TAMPERING = {
    "marts.customer_analytics lane02 / c3: visits is 99, should be 2": """
        update marts.customer_analytics set visits = 99
        where (organization_id, customer_id) = ('lane02', 'c3')
    """,
    "marts.customer_analytics lane03 / c3: missing": """
        delete from marts.customer_analytics
        where (organization_id, customer_id) = ('lane03', 'c3')
    """,
    "marts.staff lane02 / nobody: should not be there": """
        insert into marts.staff
        select (jsonb_populate_record(staff, '{"staff_id": "nobody"}')).* from marts.staff
        where (organization_id, staff_id) = ('lane02', 's1')
    """,
    "marts.calendar 2026-03-30: is_weekend is t, should be f": """
        update marts.calendar set is_weekend = true where calendar_date = '2026-03-30'
    """,
}


@pytest.fixture(scope="module")
def trial(proof: Proof) -> Trial:
    return proof.begin()


def execute(warehouse: ProofWarehouse, statement: str) -> None:
    with connect(warehouse.url) as connection, connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_rebuild_by_compiled_sql_equals_what_dbt_built(trial: Trial) -> None:
    assert trial.warehouse.differences(FIRST_AS_OF) == []


def test_tampered_rows_are_named(proof: Proof) -> None:
    trial = proof.begin()
    for statement in TAMPERING.values():
        execute(trial.warehouse, statement)
    found = {str(one) for one in trial.warehouse.differences(FIRST_AS_OF)}
    assert found == set(TAMPERING)


def test_a_change_that_no_refresh_took_is_named_in_every_table_that_it_touches(
    proof: Proof,
) -> None:
    trial = proof.begin()
    trial.load({"lane05": [put("appointments", "a6", customer_id="c4")]})
    found = trial.warehouse.differences(FIRST_AS_OF)
    assert {one.key[0] for one in found} == {"lane05"}
    assert {"appointments", "visits", "customer_analytics"} <= {one.table for one in found}


def test_a_clock_that_no_refresh_followed_is_named(proof: Proof) -> None:
    trial = proof.begin()
    found = trial.warehouse.differences(FIRST_AS_OF + timedelta(days=40))
    assert {"customer_analytics", "loyalty_ledger"} & {one.table for one in found}


@long_only
def test_a_failing_history_is_made_small(proof: Proof, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any refresh every history that changes a table fails; one step of these does."""
    monkeypatch.setattr(ProofWarehouse, "refresh", lambda *_, **__: None)
    needed = put("services", "v1", name="Renamed")
    idle = put("appointments", "a1", outdated=True, status="no_show")
    changed = put("services", "v1", name="Renamed", duration_minutes="30")
    history = (hour(timedelta(minutes=20), [idle, idle], [idle, changed]),)
    smallest, differences = minimise(proof, history)
    assert smallest == (hour(timedelta(minutes=20), [needed]),)
    assert {one.table for one in differences} >= {"services"}
