"""Trying one suite by hand: `python -m expectations raw_native.sales`.

Put here the command. Do not put here what it runs (runner.py). It records nothing.
"""

from __future__ import annotations

import sys

import click

from expectations.runner import try_suite
from expectations.suite import MARTS, RAW, load_suites
from orchestration.errors import ChairsideError
from orchestration.postgres.connection import connect
from orchestration.postgres.server import ensure_running
from orchestration.settings import Settings


@click.command(name="expectations")
@click.argument("table")
def main(table: str) -> None:
    """Judge TABLE, such as raw_native.sales or marts.sales, and print what each check finds.

    What loads brought is judged by the hourly checks, the whole table by the nightly ones.
    """
    suites = {suite.table_name: suite for schema in (RAW, MARTS) for suite in load_suites(schema)}
    if table not in suites:
        raise click.BadParameter(f"no suite of that name; there are {', '.join(suites)}.")
    try:
        with connect(ensure_running(Settings.from_environment()).warehouse) as connection:
            outcomes = try_suite(connection, suites[table])
    except ChairsideError as error:
        raise click.ClickException(f"{error.message}\n{error.hint or ''}") from error
    for outcome in outcomes:
        verdict = "passed" if outcome.passed else outcome.severity
        click.echo(f"{verdict:8} {outcome.check_name}: {outcome.observed}; {outcome.expected}")
    sys.exit(any(not o.passed and o.severity == "error" for o in outcomes))


if __name__ == "__main__":
    main()
