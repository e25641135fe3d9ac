"""Each check of the mart suites: it passes on stand-ins of the demo's marts, and fails when broken.

The real marts are judged in tests/integration, by the refresh itself.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from expectations.suite import CHANGED, MARTS, WHOLE, load_suites

BREAKAGES = yaml.safe_load(
    Path(__file__).with_name("mart_breakages.yml").read_text(encoding="utf-8")
)
SCOPES = {(s.table, c.name): c.scopes for s in load_suites(MARTS) for c in s.checks}
CASES = [(*check, scope) for check, scopes in SCOPES.items() for scope in scopes]
LOST = "no_rows_are_lost"
COMPARED = ["customer_analytics", "sales", "appointments", "payments"]


@pytest.mark.parametrize("scope", [CHANGED, WHOLE])
@pytest.mark.parametrize("table", [suite.table for suite in load_suites(MARTS)])
def test_all_checks_of_a_mart_pass_on_the_demo(judge, table: str, scope) -> None:
    outcomes = judge(MARTS, table, scope)
    assert set(outcomes) == {
        c for (t, c), scopes in SCOPES.items() if t == table and scope in scopes
    }
    assert [outcome for outcome in outcomes.values() if not outcome.passed] == []


@pytest.mark.parametrize(("table", "check", "scope"), CASES)
def test_a_check_fails_when_what_it_guards_is_broken(judge, execute, table, check, scope) -> None:
    execute(BREAKAGES[table][check])
    outcome = judge(MARTS, table, scope)[check]
    assert not outcome.passed
    assert re.search(r"maple", outcome.observed)


def test_every_mart_check_has_a_breakage() -> None:
    assert {(table, check) for table, checks in BREAKAGES.items() for check in checks} == set(
        SCOPES
    )


def test_only_lost_rows_block_publishing() -> None:
    blocking = {
        (suite.table, check.name)
        for suite in load_suites(MARTS)
        for check in suite.checks
        if check.severity == "error"
    }
    assert blocking == {(table, LOST) for table in COMPARED}


def test_an_organization_that_is_gone_from_the_built_mart_is_named(judge, execute) -> None:
    execute("delete from build.sales where organization_id = 'cedar'")
    outcome = judge(MARTS, "sales", CHANGED)[LOST]
    assert not outcome.passed
    assert outcome.observed.startswith("cedar: 1 ")


def test_a_few_rows_may_go(judge, execute) -> None:
    execute("delete from build.sales where hashtext(sale_id) % 20 = 0")
    outcome = judge(MARTS, "sales", CHANGED)[LOST]
    assert outcome.passed
    assert outcome.rows_failed > 0


@pytest.mark.parametrize(
    "reason",
    [
        "update ops.refreshes set mode = 'full' where status = 'running'",
        "update ops.refreshes set as_of = '2026-01-01 00:00Z' where status = 'running'",
        "update ops.refreshes set published_at = null",
    ],
    ids=["full refresh", "earlier clock", "nothing published yet"],
)
def test_losing_rows_is_let_through_where_it_is_meant(judge, execute, reason: str) -> None:
    execute("delete from build.sales where organization_id = 'maple'")
    execute(reason)
    outcome = judge(MARTS, "sales", CHANGED)[LOST]
    assert outcome.passed
    assert outcome.observed == "nothing to judge"


def test_marts_that_were_never_published_are_compared_with_nothing(judge, execute) -> None:
    execute("drop schema marts cascade; update ops.refreshes set published_at = null")
    for table in COMPARED:
        assert judge(MARTS, table, CHANGED)[LOST].passed


@pytest.mark.parametrize("table", COMPARED)
def test_of_an_organization_recomputed_in_part_no_rows_are_missed(judge, execute, table) -> None:
    execute(
        f"delete from build.{table}; truncate scope.organizations;"
        "insert into scope.touched_organizations select distinct organization_id from marts.sales"
    )
    assert judge(MARTS, table, CHANGED) == {}
    execute("insert into scope.organizations values ('maple')")
    outcome = judge(MARTS, table, CHANGED)[LOST]
    assert outcome.observed.startswith("maple: 1 ")
