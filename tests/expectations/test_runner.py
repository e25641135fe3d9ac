"""Whole stages: what they record, what they write to disk, and how much they ask of Postgres."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest

from expectations import data_docs as pages
from expectations.runner import Pages, validate_marts, validate_public, validate_raw
from expectations.suite import CHANGED, MARTS, RAW, WHOLE, load_suites
from expectations.worker import ChecksFailedError, prepared_worker
from orchestration.postgres.connection import connect
from orchestration.postgres.urls import parse_url
from orchestration.warehouse.schema import ensure_warehouse

RUNNING_REFRESH = 2
# The demo's load was taken, so that the whole raw tables are what is left to judge.
JUDGED = (
    *load_suites(RAW, WHOLE),
    *load_suites(MARTS, CHANGED),
    *load_suites(MARTS, WHOLE),
)
UNTAKEN = "update ops.loads set refresh_id = null"


def fetch(url: str, statement: str) -> list[tuple]:
    """Return the rows of a query."""
    with connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


@pytest.fixture(scope="module")
def judged(demo_warehouse: str, new_database, tmp_path_factory: pytest.TempPathFactory):
    """A copy of the demo warehouse after a night's stages, their outcomes, and their Data Docs."""
    folder = tmp_path_factory.mktemp("home") / "data_docs"
    with new_database(template=demo_warehouse) as url:
        outcomes = validate_raw(url, RUNNING_REFRESH, folder, whole=True)
        outcomes += validate_marts(url, "build", RUNNING_REFRESH, folder)
        outcomes += validate_public(url, RUNNING_REFRESH, folder)
        yield url, outcomes, folder


def test_the_demo_passes_every_check(judged) -> None:
    _, outcomes, _ = judged
    assert [outcome for outcome in outcomes if not outcome.passed] == []


def test_there_is_an_outcome_for_every_check(judged) -> None:
    _, outcomes, _ = judged
    wanted = [check for suite in JUDGED for check in suite.checks]
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
    for suite in JUDGED:
        assert suite.docs_name in index
    assert len(list(folder.glob("site/validations/**/*.html"))) == len(JUDGED)


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
    for suite in load_suites(MARTS, CHANGED):
        for kind in ("results", "site/validations"):
            runs = list(tmp_path.glob(f"{kind}/{suite.docs_name.replace('.', '/')}/*"))
            assert len(runs) == 2, (kind, suite.table)


def test_pages_may_be_written_after_the_outcomes_are_known(demo_warehouse, tmp_path) -> None:
    later: list[Pages] = []
    outcomes = validate_marts(demo_warehouse, data_docs=tmp_path, write_pages=later.append)
    assert outcomes
    assert not (tmp_path / "site").exists()
    for write in later:
        write()
    assert (tmp_path / "site" / "index.html").is_file()


def test_a_worker_answers_every_question_and_has_written_its_pages_when_it_is_closed(
    demo_warehouse, tmp_path, monkeypatch
) -> None:
    monkeypatch.setenv("CHAIRSIDE_HOME", str(tmp_path))
    with prepared_worker() as worker, prepared_worker() as within:
        assert within is worker
        outcomes = worker.validate_marts(demo_warehouse, "build", RUNNING_REFRESH)
        again = worker.validate_marts(demo_warehouse, "build", RUNNING_REFRESH)
    assert outcomes
    assert again == outcomes
    index = (tmp_path / "data_docs" / "site" / "index.html").read_text(encoding="utf-8")
    for suite in load_suites(MARTS, CHANGED):
        assert suite.docs_name in index


def test_pages_that_could_not_be_written_are_told_at_the_next_question(
    demo_warehouse, tmp_path, monkeypatch
) -> None:
    monkeypatch.setenv("CHAIRSIDE_HOME", str(tmp_path))
    (tmp_path / "data_docs").mkdir()
    (tmp_path / "data_docs" / "site").write_text("no folder", encoding="utf-8")
    with prepared_worker() as worker:
        assert worker.validate_marts(demo_warehouse, "build", RUNNING_REFRESH)
        with pytest.raises(ChecksFailedError, match="ended with code 1"):
            worker.validate_marts(demo_warehouse, "build", RUNNING_REFRESH)


def test_no_page_tells_anyone_that_it_was_opened(judged) -> None:
    _, _, folder = judged
    for page in folder.rglob("*.html"):
        assert "great-expectations-web-assets" not in page.read_text(encoding="utf-8")


def test_a_warehouse_without_a_row_has_nothing_to_judge(fresh_database, tmp_path: Path) -> None:
    with connect(fresh_database) as connection:
        ensure_warehouse(connection)
    assert validate_raw(fresh_database, data_docs=tmp_path, whole=True) == []
    assert list(tmp_path.iterdir()) == []


def test_marts_that_are_missing_are_an_error_not_a_pass(fresh_database, tmp_path: Path) -> None:
    with connect(fresh_database) as connection:
        ensure_warehouse(connection)
    for judge in (validate_marts, validate_public):
        with pytest.raises(psycopg2.errors.UndefinedTable):
            judge(fresh_database, data_docs=tmp_path)


@pytest.fixture
def asked(monkeypatch) -> list[str]:
    """Every statement that the test sends from now on."""
    statements: list[str] = []

    class CountingCursor(psycopg2.extensions.cursor):
        def execute(self, query, vars=None):  # noqa: A002 - psycopg2's own name
            statements.append(str(query))
            return super().execute(query, vars)

    opened = psycopg2.connect
    monkeypatch.setattr(
        psycopg2, "connect", lambda *a, **k: opened(*a, **k, cursor_factory=CountingCursor)
    )
    return statements


def test_a_stage_asks_for_each_table_once_and_little_else(demo_warehouse, tmp_path, asked) -> None:
    validate_raw(demo_warehouse, data_docs=tmp_path, whole=True)
    suites = load_suites(RAW, WHOLE)
    series = [suite for suite in suites if suite.series_sql]
    # Besides: the snapshot, the moment, the loads that wait, the published tables, the feeds'
    # rhythm, the results.
    assert len(asked) == len(suites) + len(series) + 6


def test_only_tables_that_loads_brought_are_read(
    demo_warehouse, new_database, tmp_path, asked
) -> None:
    with new_database(template=demo_warehouse) as url:
        with connect(url) as connection, connection.cursor() as cursor:
            cursor.execute(
                "insert into ops.loads (load_id, source_system, path, status, started_at,"
                " finished_at, seconds) overriding system value"
                " values (2, 'native', '/', 'succeeded', now(), now(), 1);"
                "insert into ops.load_files"
                " values (2, 'sales', 'x', 'x', 9, 9, 0, 0, 0, 0, 0),"
                " (2, 'staff', 'x', 'x', 9, 0, 0, 0, 9, 0, 0);"
                "update raw_native.sales set _load_id = 2 where sale_id in"
                " (select sale_id from raw_native.sales limit 9)"
            )
        asked.clear()
        outcomes = validate_raw(url, data_docs=tmp_path)
    assert {outcome.table_name for outcome in outcomes} == {"raw_native.sales"}
    (sales,) = (suite for suite in load_suites(RAW, CHANGED) if suite.table == "sales")
    assert [o.check_name for o in outcomes] == [check.name for check in sales.checks]
    assert [statement for statement in asked if "from raw_native." in statement] == [
        statement for statement in asked if "any(%(load_ids)s)" in statement
    ]


def test_a_table_of_which_a_tenth_is_new_is_judged_whole_at_once(
    demo_warehouse, new_database, tmp_path
) -> None:
    with new_database(template=demo_warehouse) as url:
        with connect(url) as connection, connection.cursor() as cursor:
            cursor.execute(UNTAKEN)
        outcomes = validate_raw(url, data_docs=tmp_path)
    made = [(outcome.table_name, outcome.check_name) for outcome in outcomes]
    assert sorted(made) == sorted(
        (check.table_name, check.name) for suite in load_suites(RAW) for check in suite.checks
    )
    assert [outcome for outcome in outcomes if not outcome.passed] == []


def test_where_nothing_landed_great_expectations_is_not_imported(demo_warehouse, tmp_path) -> None:
    code = (
        "import sys; from pathlib import Path; from expectations.runner import validate_raw;"
        "made = validate_raw(sys.argv[1], data_docs=Path(sys.argv[2]));"
        "sys.exit(bool(made) or 'great_expectations' in sys.modules)"
    )
    command = [sys.executable, "-c", code, demo_warehouse, str(tmp_path)]
    assert subprocess.run(command, check=False).returncode == 0
    assert list(tmp_path.iterdir()) == []
