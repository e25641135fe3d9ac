"""Running suites: on what loads brought, on marts that were just built, or on whole tables.

Put here which suites a run judges, and the order of things. Do not put here statistics
(history.py), SQL (suites/) or what Great Expectations does (validation.py). Where there is nothing
to judge Great Expectations is not even imported, which takes seconds. Writing pages takes as long
as judging; whoever is in a hurry has `write_pages` do it later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from expectations.data_docs import FOLDER, build_pages
from expectations.moment import Moment, moment_of
from expectations.outcomes import CheckOutcome, record_outcomes
from expectations.profiles import ProfileReader
from expectations.suite import CHANGED, MARTS, RAW, WHOLE, Scope, Suite, load_suites
from expectations.validation import open_context, quiet, validate
from orchestration.postgres.connection import Connection, connect
from orchestration.settings import Settings

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations.data_context import EphemeralDataContext

Pages = Callable[[], object]
WritePages = Callable[[Pages], object]

BUILT_SCHEMA = "build"
APPLICATION_NAME = "chairside checks"
# Where loads changed so much of a raw table, looking at all of it costs little more.
MOSTLY_NEW_SHARE = 0.1


def at_once(pages: Pages) -> None:
    """Write the pages before anything else."""
    pages()


@dataclass(frozen=True, slots=True)
class Run:
    """What is judged: raw tables or marts, those built in which schema, and how much of them."""

    stage: str
    built: str
    whole: bool = False
    write_pages: WritePages = at_once


def validate_raw(
    url: str,
    refresh_id: int | None = None,
    data_docs: Path | None = None,
    *,
    whole: bool = False,
    write_pages: WritePages = at_once,
) -> list[CheckOutcome]:
    """Judge what loads brought that no refresh has taken, record the outcomes, build Data Docs.

    `whole` judges all raw tables instead, as is done for one of which a tenth is new. `url` is a
    postgresql:// URL of the warehouse; `data_docs` is <CHAIRSIDE_HOME>/data_docs unless given.
    Raises SuiteError for a suite that cannot be evaluated, never for data that fails it.
    """
    return _validate(url, Run(RAW, BUILT_SCHEMA, whole, write_pages), refresh_id, data_docs)


def validate_marts(
    url: str,
    schema: str = BUILT_SCHEMA,
    refresh_id: int | None = None,
    data_docs: Path | None = None,
    *,
    write_pages: WritePages = at_once,
) -> list[CheckOutcome]:
    """Judge the marts built in `schema`, before they are published; else as `validate_raw`."""
    return _validate(url, Run(MARTS, schema, False, write_pages), refresh_id, data_docs)


def validate_public(
    url: str,
    refresh_id: int | None = None,
    data_docs: Path | None = None,
    *,
    write_pages: WritePages = at_once,
) -> list[CheckOutcome]:
    """Judge the whole marts that readers see; else as `validate_raw`."""
    return _validate(url, Run(MARTS, BUILT_SCHEMA, True, write_pages), refresh_id, data_docs)


def try_suite(
    connection: Connection, suite: Suite, schema: str = BUILT_SCHEMA, scope: Scope | None = None
) -> list[CheckOutcome]:
    """Judge one table as the open transaction sees it, and record nothing; in one scope or both."""
    with quiet(), TemporaryDirectory() as folder:
        reader = ProfileReader(connection, moment_of(connection, None), schema)
        limited = [suite.limited_to(s) for s in (CHANGED, WHOLE) if scope in (None, s)]
        profiles = _profiles(reader, [suite for suite in limited if suite])
        return _judge(profiles, Path(folder), Run(suite.schema, schema))


def _validate(
    url: str, run: Run, refresh_id: int | None, data_docs: Path | None
) -> list[CheckOutcome]:
    folder = data_docs or Settings.from_environment().home / FOLDER
    with quiet(), connect(url, application_name=APPLICATION_NAME) as connection:
        with connection.cursor() as cursor:
            # One snapshot for all tables: a load that commits meanwhile cannot make them disagree.
            cursor.execute("set transaction isolation level repeatable read, read only")
        moment = moment_of(connection, refresh_id)
        suites = list(_suites(connection, run, moment))
        if not suites:
            return []
        profiles = _profiles(ProfileReader(connection, moment, run.built), suites)
        # The profiles' snapshot ends here; what follows is written.
        connection.rollback()
        outcomes = _judge(profiles, folder, run)
        if outcomes:
            record_outcomes(connection, refresh_id, outcomes)
    return outcomes


def _suites(connection: Connection, run: Run, moment: Moment) -> Iterator[Suite]:
    """Yield the suites that a run judges, each limited to the checks of one scope."""
    if run.stage == MARTS:
        yield from load_suites(MARTS, WHOLE if run.whole else CHANGED)
        return
    for suite in load_suites(RAW):
        landed = moment.rows_landed.get(suite.table, 0)
        entirely = run.whole or _is_mostly_new(connection, suite.table, landed)
        # A check of both scopes is made once, on the larger one.
        left_out = suite.limited_to(WHOLE) if entirely else None
        if left_out:
            yield left_out
        if landed and (changed := suite.limited_to(CHANGED)):
            made = {check.name for check in left_out.checks} if left_out else set()
            if rest := changed.without(made):
                yield rest


def _is_mostly_new(connection: Connection, table: str, landed: int) -> bool:
    if not landed:
        return False
    with connection.cursor() as cursor:
        # Loads keep this estimate true; it is negative for a table that was never looked at.
        cursor.execute(
            "select reltuples from pg_catalog.pg_class where oid = %s::regclass",
            (f"{RAW}.{table}",),
        )
        row = cursor.fetchone()
    return row is not None and landed >= MOSTLY_NEW_SHARE * row[0]


def _profiles(reader: ProfileReader, suites: Iterable[Suite]) -> list[tuple[Suite, pd.DataFrame]]:
    """Return each suite with its profile, but for those that have nothing to judge."""
    read = ((suite, reader.read(suite)) for suite in suites)
    return [(suite, profile) for suite, profile in read if not profile.empty]


def _judge(
    profiles: list[tuple[Suite, pd.DataFrame]], data_docs: Path, run: Run
) -> list[CheckOutcome]:
    """Judge profiles and have their pages written; without any, nothing is imported or written."""
    if not profiles:
        return []
    context, run_id = open_context(data_docs), _run_id(run.stage)
    outcomes: list[CheckOutcome] = []
    for suite, profile in profiles:
        outcomes += validate(context, suite, profile, run_id)
    run.write_pages(partial(_write_pages, context, data_docs, run_id))
    return outcomes


def _write_pages(context: EphemeralDataContext, data_docs: Path, run_id: Any) -> None:
    with quiet():
        build_pages(context, data_docs, run_id)


def _run_id(stage: str) -> Any:
    from great_expectations.core.run_identifier import RunIdentifier

    now = datetime.now(UTC)
    return RunIdentifier(run_name=f"{now:%Y%m%dT%H%M%S.%fZ}-{stage}", run_time=now)
