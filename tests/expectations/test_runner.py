"""Whole stages: what they record, what they write to disk, and how much they ask of Postgres."""

from __future__ import annotations

from pathlib import Path

import psycopg2
import pytest

from expectations import data_docs as pages
from expectations.runner import validate_marts, validate_raw
from expectations.suite import MARTS, RAW, load_suites
from orchestration.postgres.connection import connect
from orchestration.postgres.urls import parse_url
from orchestration.warehouse.schema import ensure_warehouse

RUNNING_REFRESH = 2


def fetch(url: str, statement: str) -> list[tuple]:
    """Return the rows of a query."""
    with connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


@pytest.fixture(scope="module")
def judged(demo_warehouse: str, new_database, tmp_path_factory: pytest.TempPathFactory):
    """A copy of the demo warehouse after both stages, their outcomes, and their Data Docs."""
    folder = tmp_path_factory.mktemp("home") / "data_docs"
    with new_database(template=demo_warehouse) as url:
        outcomes = validate_raw(url, RUNNING_REFRESH, folder)
        outcomes += validate_marts(url, "build", RUNNING_REFRESH, folder)
        yield url, outcomes, folder


def test_the_demo_passes_every_check(judged) -> None:
    _, outcomes, _ = judged
    assert [outcome for outcome in outcomes if not outcome.passed] == []


def test_there_is_an_outcome_for_every_check(judged) -> None:
    _, outcomes, _ = judged
    wanted = [c for schema in (RAW, MARTS) for s in load_suites(schema) for c in s.checks]
    assert [(o.table_name, o.check_name) for o in outcomes] == [
        (check.table_name, check.name) for check in wanted
    ]


def test_every_outcome_is_a_row_of_data_quality_results(judged) -> None:
    url, outcomes, _ = judged
    rows = fetch(
        url,
        "select table_name, check_name, passed, severity, dimension, observed_value, expected,"
        " rows_checked, rows_failed from ops.data_quality_results"
        " where tool = 'great_expectations' and refresh_id = 2 order by result_id",
    )
    assert rows == [
        (
            outcome.table_name,
            outcome.check_name,
            outcome.passed,
            outcome.severity,
            outcome.dimension,
            outcome.observed,
            outcome.expected,
            outcome.rows_checked,
            outcome.rows_failed,
        )
        for outcome in outcomes
    ]


def test_data_docs_show_every_suite(judged) -> None:
    _, _, folder = judged
    index = (folder / "site" / "index.html").read_text(encoding="utf-8")
    for suite in (*load_suites(RAW), *load_suites(MARTS)):
        assert suite.table_name in index
    assert len(list(folder.glob("site/validations/**/*.html"))) == len(
        load_suites(RAW) + load_suites(MARTS)
    )


def test_no_password_and_no_client_is_written_to_disk(judged) -> None:
    url, _, folder = judged
    secrets = [parse_url(url)["password"], "postgresql://"]
    secrets += [
        value
        for row in fetch(
            url,
            "select email, phone from raw_native.customers"
            " where email is not null and phone is not null limit 200",
        )
        for value in row
    ]
    for file in (file for file in folder.rglob("*") if file.is_file()):
        text = file.read_bytes().decode("utf-8", errors="ignore")
        assert [secret for secret in secrets if secret in text] == [], file


def test_only_the_newest_runs_keep_their_pages(demo_warehouse, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(pages, "KEPT_RUNS", 2)
    for _ in range(3):
        validate_marts(demo_warehouse, data_docs=tmp_path)
    for suite in load_suites(MARTS):
        for kind in ("results", "site/validations"):
            runs = list(tmp_path.glob(f"{kind}/{MARTS}/{suite.table}/*"))
            assert len(runs) == 2, (kind, suite.table)


def test_no_page_tells_anyone_that_it_was_opened(judged) -> None:
    _, _, folder = judged
    for page in folder.rglob("*.html"):
        assert "great-expectations-web-assets" not in page.read_text(encoding="utf-8")


def test_a_warehouse_without_a_row_passes_every_raw_check(fresh_database, tmp_path: Path) -> None:
    with connect(fresh_database) as connection:
        ensure_warehouse(connection)
    outcomes = validate_raw(fresh_database, data_docs=tmp_path)
    assert all(outcome.passed and outcome.rows_checked == 0 for outcome in outcomes)


def test_marts_that_are_missing_are_an_error_not_a_pass(fresh_database, tmp_path: Path) -> None:
    with connect(fresh_database) as connection:
        ensure_warehouse(connection)
    with pytest.raises(psycopg2.errors.UndefinedTable):
        validate_marts(fresh_database, data_docs=tmp_path)


def test_a_stage_asks_for_each_table_once_and_little_else(
    demo_warehouse, tmp_path, monkeypatch
) -> None:
    asked: list[str] = []

    class CountingCursor(psycopg2.extensions.cursor):
        def execute(self, query, vars=None):  # noqa: A002 - psycopg2's own name
            asked.append(str(query))
            return super().execute(query, vars)

    opened = psycopg2.connect
    monkeypatch.setattr(
        psycopg2, "connect", lambda *a, **k: opened(*a, **k, cursor_factory=CountingCursor)
    )
    validate_raw(demo_warehouse, data_docs=tmp_path)
    suites = load_suites(RAW)
    series = [suite for suite in suites if suite.series_sql]
    # Besides: the snapshot, the moment, the published tables, the feeds' rhythm, the results.
    assert len(asked) == len(suites) + len(series) + 5
