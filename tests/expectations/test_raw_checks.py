"""Each check of the raw suites: it passes on the demo, and fails when what it guards is broken.

What breaks each of them lies in raw_breakages.yml. A check without a breakage could not be shown to
fail, and the last test says so.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from expectations.suite import CHANGED, RAW, WHOLE, load_suites

AS_OF = datetime(2026, 11, 1, tzinfo=UTC)
MAPLE = "organization_id = 'maple'"
LATE = "rows_arrive_as_often_as_usual"
VOLUME = "last_day_has_its_usual_volume"
# The moment that places a row on a day, and the key of a copy of it.
DAILY = {
    "appointments": ("created_at", "appointment_id"),
    "sales": ("closed_at", "sale_id"),
    "payments": ("paid_at", "payment_id"),
    "loyalty_events": ("occurred_at", "loyalty_event_id"),
}
BREAKAGES = yaml.safe_load(
    Path(__file__).with_name("raw_breakages.yml").read_text(encoding="utf-8")
)
SCOPES = {(s.table, c.name): c.scopes for s in load_suites(RAW) for c in s.checks}
CASES = [
    (table, check, scope)
    for table, checks in BREAKAGES.items()
    for check in checks
    for scope in SCOPES[table, check]
]
HOURLY = [suite.table for suite in load_suites(RAW, CHANGED)]
FEEDS = [s.table for s in load_suites(RAW) if LATE in {check.name for check in s.checks}]


@pytest.mark.parametrize("table", [suite.table for suite in load_suites(RAW)])
def test_all_checks_of_a_table_pass_on_the_demo(judge, table: str) -> None:
    outcomes = judge(RAW, table, WHOLE)
    assert set(outcomes) == {
        c for (t, c), scopes in SCOPES.items() if t == table and WHOLE in scopes
    }
    assert [outcome for outcome in outcomes.values() if not outcome.passed] == []


@pytest.mark.parametrize("table", HOURLY)
def test_what_no_refresh_has_taken_passes_its_checks_on_the_demo(judge, execute, table) -> None:
    assert judge(RAW, table, CHANGED) == {}, "what was taken is judged no more"
    execute("update ops.loads set refresh_id = null")
    outcomes = judge(RAW, table, CHANGED)
    assert outcomes
    assert [outcome for outcome in outcomes.values() if not outcome.passed] == []


@pytest.mark.parametrize(("table", "check", "scope"), CASES)
def test_a_check_fails_when_what_it_guards_is_broken(
    judge, execute, land, table, check, scope
) -> None:
    execute(BREAKAGES[table][check])
    if scope == CHANGED:
        land(table)
    outcome = judge(RAW, table, scope)[check]
    assert not outcome.passed
    assert "maple" in outcome.observed
    assert outcome.rows_failed > 0


@pytest.mark.parametrize("table", DAILY)
def test_a_day_with_far_more_rows_than_its_weekdays_is_noticed(judge, execute, table) -> None:
    moment, key = DAILY[table]
    copies = f"""
        insert into raw_native.{table}
        select (jsonb_populate_record(
            one.entire, jsonb_build_object('{key}', 'copy-' || n, '{moment}', '2026-10-31 12:00Z')
        )).*
        from (
            select {table} as entire from raw_native.{table}
            where {MAPLE} and {moment} is not null limit 1
        ) as one
        cross join generate_series(1, 900) as n;
    """
    later = copies.replace("10-31 12:00Z", "11-01 09:00Z").replace("copy-", "later-")
    execute(copies + later.replace("1, 900", "1, 1"))
    outcome = judge(RAW, table, WHOLE)[VOLUME]
    assert not outcome.passed
    assert outcome.dimension == "completeness"


@pytest.mark.parametrize("table", FEEDS)
def test_a_table_that_came_daily_and_stopped_is_late(judge, execute, table: str) -> None:
    execute(daily_loads(table, last="2026-10-22"))
    outcome = judge(RAW, table, WHOLE)[LATE]
    assert not outcome.passed
    assert outcome.dimension == "timeliness"


def test_a_table_that_still_comes_daily_is_not_late(judge, execute) -> None:
    execute(daily_loads("sales", last="2026-11-01"))
    assert judge(RAW, "sales", WHOLE)[LATE].observed != "too little history"
    assert judge(RAW, "sales", WHOLE)[LATE].passed


def test_a_feed_of_few_loads_has_too_little_history(judge) -> None:
    outcome = judge(RAW, "sales", WHOLE)[LATE]
    assert outcome.passed
    assert outcome.observed == "too little history"
    assert outcome.rows_checked == 0


def test_only_what_would_falsify_published_numbers_blocks() -> None:
    blocking = {
        check.name for s in load_suites(RAW) for check in s.checks if check.severity == "error"
    }
    assert blocking == {
        "dates_are_plausible",
        "new_lines_belong_to_known_tickets",
        "new_tickets_agree_with_their_lines",
        "new_tickets_have_lines",
        "rows_did_not_vanish",
    }


def test_every_raw_check_has_a_breakage() -> None:
    shown = {(table, check) for table, check, _ in CASES}
    shown |= {(table, VOLUME) for table in DAILY} | {(table, LATE) for table in FEEDS}
    assert shown == set(SCOPES)


@pytest.mark.parametrize("suite", load_suites(RAW, CHANGED), ids=lambda suite: suite.table)
def test_checks_of_what_changed_never_have_to_read_a_whole_table(connection, suite) -> None:
    values = {"load_ids": [2], "as_of": AS_OF, "compares": True}
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute("explain " + suite.profile_sql, values)
        plan = [line for (line,) in cursor.fetchall()]
    assert [line for line in plan if "Seq Scan on" in line] == []


def test_deletions_are_weighed_without_counting_what_stays(judge, execute, land) -> None:
    execute(
        "update raw_native.customers set _is_deleted = true, _load_id = 2 where customer_id in"
        " (select customer_id from raw_native.customers where organization_id = 'maple' limit 5)"
        " and organization_id = 'maple'"
    )
    land("customers")
    outcome = judge(RAW, "customers", CHANGED)["rows_did_not_vanish"]
    assert outcome.passed
    assert (outcome.rows_failed, outcome.rows_checked) == (5, 50)


def daily_loads(table: str, last: str) -> str:
    """Return statements that log loads of a table on ten days, the last one at `last`."""
    return f"""
        update ops.loads set started_at = timestamptz '{last} 06:00Z' - interval '10 days';
        with loads as (
            insert into ops.loads (source_system, path, status, started_at, finished_at, seconds)
            select loads.source_system, 'x', 'succeeded', at, at, 1
            from ops.loads cross join generate_series(
                timestamptz '{last} 06:00Z' - interval '9 days', '{last} 06:00Z', '1 day'
            ) as at
            returning load_id
        )
        insert into ops.load_files select load_id, '{table}', 'x', 'x', 1, 1, 0, 0, 0, 0, 0
        from loads;
    """
