"""Running suites with Great Expectations: the only module that imports it, besides data_docs.

Put here what turns suites and profiles into results. Do not put here SQL, files or thresholds.
Great Expectations sees profiles only: no row of a client, and no URL of a database.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expectations.outcomes import CheckOutcome, outcome_of
from expectations.suite import Suite, SuiteError

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations.data_context import EphemeralDataContext

DATASOURCE = "profiles"
# Each row of a result carries its place in the frame, which names the organization.
RESULT_FORMAT = {"result_format": "COMPLETE"}


def open_context(data_docs: Path) -> EphemeralDataContext:
    """Return a context that lives in memory, but for results and pages kept under `data_docs`."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations as gx

    from expectations.data_docs import context_config

    context = gx.get_context(mode="ephemeral", project_config=context_config(data_docs))
    context.data_sources.add_pandas(DATASOURCE)
    return context


@contextmanager
def quiet() -> Iterator[None]:
    """Keep progress bars off standard error, where they would mix with ours."""
    before = os.environ.get("TQDM_DISABLE")
    os.environ["TQDM_DISABLE"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["TQDM_DISABLE"]
        else:
            os.environ["TQDM_DISABLE"] = before


def validate(
    context: EphemeralDataContext, suite: Suite, profile: pd.DataFrame, run_id: Any
) -> list[CheckOutcome]:
    """Judge a profile by its suite, keep the result for Data Docs, and return each outcome.

    Raises SuiteError when Great Expectations could not evaluate an expectation.
    """
    import great_expectations as gx

    profiles: Any = context.data_sources.get(DATASOURCE)
    asset = profiles.add_dataframe_asset(suite.docs_name)
    definition = gx.ValidationDefinition(
        name=suite.docs_name,
        data=asset.add_batch_definition_whole_dataframe("profile"),
        suite=context.suites.add(
            gx.ExpectationSuite(
                name=suite.docs_name, expectations=[dict(e) for e in suite.expectations]
            )
        ),
    )
    profile = profile.reset_index(drop=True)
    result = context.validation_definitions.add(definition).run(
        batch_parameters={"dataframe": profile},
        result_format={
            **RESULT_FORMAT,
            "unexpected_index_column_names": list(suite.one_row_per),
        },
        run_id=run_id,
    )
    entries: list[Any] = result.results
    found = {entry.expectation_config.meta["check"]: entry for entry in entries}
    return [
        outcome_of(suite, check, profile, _refused(suite, profile, found[check.name]))
        for check in suite.checks
    ]


def _refused(suite: Suite, profile: pd.DataFrame, entry: Any) -> pd.Series:
    import pandas as pd

    if entry.exception_info.get("raised_exception"):
        raise SuiteError(
            f"{suite.file}: {entry.expectation_config.type} could not be evaluated:"
            f" {entry.exception_info.get('exception_message')}",
            "Check the type and kwargs against Great Expectations' gallery.",
        )
    keys = list(suite.one_row_per)
    refused = {
        tuple(row[key] for key in keys) for row in entry.result.get("unexpected_index_list") or []
    }
    marks = [tuple(row) in refused for row in profile[keys].itertuples(index=False)]
    if not entry.success and not refused:
        raise SuiteError(
            f"{suite.file}: {entry.expectation_config.type} failed without naming a row.",
            "Use expectations on the values of one column, such as"
            " expect_column_values_to_be_between.",
        )
    return pd.Series(marks, index=profile.index, dtype=bool)
