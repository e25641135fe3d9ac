"""Running the suites of one stage of a refresh: raw landings, or marts that were just built.

Put here the order of things. Do not put here statistics (history.py), SQL (suites/) or what Great
Expectations does (validation.py).
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from expectations.data_docs import FOLDER, build_pages
from expectations.moment import moment_of
from expectations.outcomes import CheckOutcome, record_outcomes
from expectations.profiles import ProfileReader
from expectations.suite import MARTS, RAW, Suite, load_suites
from expectations.validation import open_context, quiet, validate
from orchestration.postgres.connection import Connection, connect
from orchestration.settings import Settings

if TYPE_CHECKING:
    from great_expectations.data_context import EphemeralDataContext

BUILT_SCHEMA = "build"
APPLICATION_NAME = "chairside checks"


def validate_raw(
    url: str, refresh_id: int | None = None, data_docs: Path | None = None
) -> list[CheckOutcome]:
    """Judge all raw landings, record the outcomes and build Data Docs.

    `url` is a postgresql:// URL of the warehouse; `data_docs` is <CHAIRSIDE_HOME>/data_docs unless
    given. Raises SuiteError for a suite that cannot be evaluated, never for data that fails it.
    """
    return _validate(url, RAW, BUILT_SCHEMA, refresh_id, data_docs)


def validate_marts(
    url: str,
    schema: str = BUILT_SCHEMA,
    refresh_id: int | None = None,
    data_docs: Path | None = None,
) -> list[CheckOutcome]:
    """Judge the marts built in `schema`, before they are published; else as `validate_raw`."""
    return _validate(url, MARTS, schema, refresh_id, data_docs)


def try_suite(
    connection: Connection, suite: Suite, schema: str = BUILT_SCHEMA
) -> list[CheckOutcome]:
    """Judge one table as the open transaction sees it, and record nothing."""
    with quiet(), TemporaryDirectory() as folder:
        reader = ProfileReader(connection, moment_of(connection, None), schema)
        context = open_context(Path(folder))
        return validate(context, suite, reader.read(suite), _run_id(suite.schema))


def _validate(
    url: str, stage: str, built: str, refresh_id: int | None, data_docs: Path | None
) -> list[CheckOutcome]:
    folder = data_docs or Settings.from_environment().home / FOLDER
    with quiet(), connect(url, application_name=APPLICATION_NAME) as connection:
        context, run_id = open_context(folder), _run_id(stage)
        outcomes = _judge(connection, context, stage, built, refresh_id, run_id)
        # The profiles' snapshot ends here; what follows is written.
        connection.rollback()
        record_outcomes(connection, refresh_id, outcomes)
        build_pages(context, folder, run_id)
    return outcomes


def _judge(  # noqa: PLR0913 - a step of `_validate`, which holds all of these
    connection: Connection,
    context: EphemeralDataContext,
    stage: str,
    built: str,
    refresh_id: int | None,
    run_id: object,
) -> list[CheckOutcome]:
    with connection.cursor() as cursor:
        # One snapshot for all tables: a load that commits meanwhile cannot make them disagree.
        cursor.execute("set transaction isolation level repeatable read, read only")
    reader = ProfileReader(connection, moment_of(connection, refresh_id), built)
    outcomes: list[CheckOutcome] = []
    for suite in load_suites(stage):
        outcomes += validate(context, suite, reader.read(suite), run_id)
    return outcomes


def _run_id(stage: str) -> object:
    from great_expectations.core.run_identifier import RunIdentifier

    now = datetime.now(UTC)
    return RunIdentifier(run_name=f"{now:%Y%m%dT%H%M%S.%fZ}-{stage}", run_time=now)
