"""Whether a refresh would find anything to do: a quick look, before anything slow is started.

Put here the look. Do not put here planning, which looks again under its locks (plan.py).
"""

from __future__ import annotations

from datetime import datetime

from orchestration.postgres.connection import Connection
from orchestration.refresh.scope.queries import statements
from orchestration.warehouse.query import fetch_value


def has_work(connection: Connection, as_of: datetime | None, definitions: str) -> bool:
    """Tell whether loads, the clock or new definitions give a refresh at `as_of` work.

    Without `as_of` it is the server's clock.
    """
    if not fetch_value(connection, "select to_regclass('marts.locations') is not null"):
        return True
    values = {
        "as_of": as_of or fetch_value(connection, "select clock_timestamp()"),
        "definitions": definitions,
    }
    new_days = statements("staleness")["new_days"]
    return any(
        fetch_value(connection, question.format(new_days=new_days), values)
        for question in statements("waiting").values()
    )
