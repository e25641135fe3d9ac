"""`chairside demo`: write demo salons and the answers that a warehouse must give for them.

Put here the options, the progress and the summary. Do not put here the generator
(orchestration/demo).
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import click
import numpy as np

from orchestration.demo.answers.expected import LEVELS, write_answers
from orchestration.demo.files import FORMATS
from orchestration.demo.plan import (
    DEFAULT_AS_OF,
    DEFAULT_CUSTOMERS,
    DEFAULT_SEED,
    DEFAULT_YEARS,
    DemoPlanError,
    Plan,
)
from orchestration.demo.platform import write_platform
from orchestration.demo.salon import make_demo, write_demo


@click.command(name="demo")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--customers", default=DEFAULT_CUSTOMERS, show_default=True, help="Clients in all.")
@click.option("--years", default=DEFAULT_YEARS, show_default=True, help="Years of history.")
@click.option("--seed", default=DEFAULT_SEED, show_default=True, help="Same seed, same bytes.")
@click.option("--as-of", "as_of", help=f"The demo's present, UTC.  [default: {DEFAULT_AS_OF}Z]")
@click.option("--organizations", default=4, show_default=True, help="Businesses, at least 4.")
@click.option("--branches", default=1, show_default=True, help="Times each location is repeated.")
@click.option("--frequency", default=1.0, show_default=True, help="Times as often clients come.")
@click.option(
    "--format", "file_format", type=click.Choice(FORMATS), default="csv", show_default=True
)
@click.option(
    "--answers",
    type=click.Choice([*LEVELS, "none"]),
    help="How much of expected.json to write.  [default: full up to 1,000 clients, else summary]",
)
def command(  # noqa: PLR0913 - each is an option
    folder: Path,
    customers: int,
    years: int,
    seed: int,
    as_of: str | None,
    organizations: int,
    branches: int,
    frequency: float,
    file_format: str,
    answers: str | None,
) -> None:
    """Write demo salons to FOLDER, in the native layout, with the answers they must give."""
    started = time.monotonic()
    plan = Plan(
        customers,
        years,
        seed,
        read_as_of(as_of),
        organizations,
        branches=branches,
        frequency=frequency,
    )
    if answers == "none" and file_format == "csv":
        rows = write_platform(plan, folder, _tell)
    else:
        demo = make_demo(plan, _tell)
        rows = write_demo(demo, folder, file_format, progress=_tell)
    if answers != "none":
        _tell("Working out the answers")
        write_answers(demo, folder, answers)
    seconds = time.monotonic() - started
    click.echo(f"{sum(rows.values()):,} rows in {len(rows)} files, in {seconds:.1f} s: {folder}")
    click.echo(
        f"{rows['customers']:,} clients, {rows['appointments']:,} bookings, {rows['sales']:,}"
        f" tickets; the present is {plan.as_of}Z."
    )
    click.echo(f"Load it with: chairside load {folder}")


def _tell(message: str) -> None:
    # Progress goes to standard error, so that the summary stays fit for a pipe.
    click.echo(f"{message} …", err=True)


def read_as_of(text: str | None) -> np.datetime64:
    """An instant such as 2026-11-01T12:00:00Z; without an offset it is UTC.

    Raises DemoPlanError for anything else.
    """
    if text is None:
        return DEFAULT_AS_OF
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise DemoPlanError(
            f"{text!r} is no instant.", "Write it as 2026-11-01T12:00:00Z."
        ) from None
    moment = moment.astimezone(UTC) if moment.tzinfo else moment
    return np.datetime64(moment.replace(tzinfo=None), "s")
