"""Suite files: complete, read without Great Expectations, and each rule in one place only."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from expectations.suite import CHANGED, MARTS, RAW, Suite, SuiteError, load_suites, read_suite
from orchestration.contract.model import load_contract
from orchestration.settings import find_project_root

MODELS = find_project_root(Path(__file__).parent) / "dbt_project" / "models"
SUITES = [pytest.param(s, id=s.table_name) for schema in (RAW, MARTS) for s in load_suites(schema)]
# What dbt tests and the loader state about a column, as expectations would say it.
COLUMN_TRUTHS = {
    "expect_column_values_to_not_be_null",
    "expect_column_values_to_be_unique",
    "expect_compound_columns_to_be_unique",
    "expect_column_values_to_be_in_set",
}
CHECK = {
    "type": "expect_column_values_to_be_between",
    "kwargs": {"column": "share", "max_value": 0.5},
    "severity": "warning",
    "description": "It is at most a half.",
    "meta": {"check": "share_is_small", "dimension": "accuracy", "scope": "whole"},
}


def mart_columns(table: str) -> set[str]:
    """The columns that dbt's YAML describes for a mart."""
    (file,) = MODELS.glob(f"marts/*/{table}.yml")
    (model,) = yaml.safe_load(file.read_text(encoding="utf-8"))["models"]
    return {column["name"] for column in model["columns"]}


@pytest.mark.parametrize("suite", SUITES)
def test_every_check_says_its_dimension_severity_and_reason(suite: Suite) -> None:
    for check in suite.checks:
        assert check.dimension in {"completeness", "accuracy", "consistency", "timeliness"}
        assert check.severity in {"error", "warning"}
        assert len(check.description) > 40
    assert all("id" not in expectation for expectation in suite.expectations)


@pytest.mark.parametrize("suite", SUITES)
def test_every_suite_is_of_a_table_that_exists(suite: Suite) -> None:
    if suite.schema == RAW:
        assert suite.table in load_contract().entities
    else:
        assert mart_columns(suite.table)


@pytest.mark.parametrize("suite", SUITES)
def test_no_check_repeats_a_dbt_test_or_a_rule_of_the_contract(suite: Suite) -> None:
    # Suites judge figures over many rows; a truth about each value of a column is dbt's to test,
    # and a rule about each value of a file is the contract's.
    if suite.schema == RAW:
        own = {column.name for column in load_contract().entities[suite.table].columns}
    else:
        own = mart_columns(suite.table)
    for check in suite.checks:
        assert check.expectation_type not in COLUMN_TRUTHS
        assert check.column not in own


def test_all_four_dimensions_are_covered_in_both_stages() -> None:
    for schema in (RAW, MARTS):
        found = {check.dimension for suite in load_suites(schema) for check in suite.checks}
        assert found == {"completeness", "accuracy", "consistency", "timeliness"}


def test_checks_are_known_without_importing_great_expectations() -> None:
    code = (
        "import sys, orchestration.checks.expectations, expectations.runner as r, "
        "expectations.suite as s; s.load_suites('marts'); "
        "sys.exit('great_expectations' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def write_suite(folder: Path, text: str) -> Path:
    """Write a suite of marts.sales with its SQL beside it."""
    file = folder / MARTS / "sales.json"
    file.parent.mkdir()
    file.write_text(text, encoding="utf-8")
    file.with_suffix(".sql").write_text("select 1", encoding="utf-8")
    return file


def suite_text(**changes: object) -> str:
    """A suite with one check, some of its fields changed."""
    return json.dumps({"name": "marts.sales", "expectations": [CHECK | changes]})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"name": "marts.sales",\n}', "line 2, column 1"),
        (suite_text().replace("marts.sales", "marts.sale"), "its name is not marts.sales"),
        (suite_text(severity="error"), "a severity of critical, warning"),
        (suite_text(description=""), "a description that ends with a full stop"),
        (suite_text(meta={"check": "x", "dimension": "beauty"}), "a meta.dimension of"),
        (suite_text(meta={"dimension": "accuracy"}), "meta.check, its name"),
        (suite_text(meta={"check": "x", "dimension": "accuracy"}), "a meta.scope of changed"),
        (suite_text(kwargs={"max_value": 1}), "kwargs.column"),
        (suite_text(kwargs={"column": "share"}), "kwargs.min_value or max_value"),
        (
            json.dumps({"name": "marts.sales", "expectations": [CHECK, CHECK]}),
            "two checks have one name",
        ),
    ],
)
def test_a_suite_file_that_lacks_something_is_named_with_it(tmp_path, text, words) -> None:
    file = write_suite(tmp_path, text)
    with pytest.raises(SuiteError) as error:
        read_suite(file)
    assert str(file) in error.value.message
    assert words in error.value.message


def test_a_suite_without_its_sql_is_refused(tmp_path) -> None:
    file = write_suite(tmp_path, suite_text())
    file.with_suffix(".sql").unlink()
    with pytest.raises(SuiteError, match=r"no sales\.sql lies beside it"):
        read_suite(file)


def test_a_check_of_what_changed_needs_its_own_sql(tmp_path) -> None:
    file = write_suite(tmp_path, suite_text(meta=CHECK["meta"] | {"scope": "both"}))
    with pytest.raises(SuiteError, match=r"no sales\.changed\.sql lies beside it"):
        read_suite(file)


def test_what_blocks_is_judged_before_it_travels() -> None:
    for suite in (*load_suites(RAW), *load_suites(MARTS)):
        late = [c.name for c in suite.checks if c.severity == "error" and CHANGED not in c.scopes]
        assert late == []


def test_a_column_that_the_sql_lacks_is_named(tmp_path, connection) -> None:
    from expectations.runner import try_suite

    file = write_suite(tmp_path, suite_text())
    file.with_suffix(".sql").write_text("select 'maple' as organization_id", encoding="utf-8")
    with pytest.raises(SuiteError, match=r"the column share, which sales\.sql lacks"):
        try_suite(connection, read_suite(file))
