"""Which organizations a pass takes: as many as fit, by what each of them has."""

from __future__ import annotations

import pytest

from orchestration.postgres.connection import Connection
from orchestration.refresh.scope.tables import that_fit

BOOKINGS = {"large": 5, "small": 2}
# Of an organization that sends no bookings at all, tickets tell the size.
TICKETS = {"small": 1, "shop": 4}
PUT = """
    insert into raw_native.{table} (organization_id, {key}, _source_system, _load_id, _loaded_at)
    select %s, number::text, 'test', 1, now() from generate_series(1, %s) as number
"""


@pytest.fixture
def raw(connection: Connection) -> Connection:
    with connection.cursor() as cursor:
        for table, key, sizes in (
            ("appointments", "appointment_id", BOOKINGS),
            ("sales", "sale_id", TICKETS),
        ):
            for organization, rows in sizes.items():
                cursor.execute(PUT.format(table=table, key=key), (organization, rows))
    return connection


@pytest.mark.parametrize(
    ("given", "rows", "taken"),
    [
        (["small", "shop", "large"], 6, {"small": 2, "shop": 4}),
        (["small", "shop", "large"], 11, {"small": 2, "shop": 4, "large": 5}),
        # What does not fit ends the pass, even where a later one would fit.
        (["small", "large", "shop"], 6, {"small": 2}),
        (["large", "small"], 1, {"large": 5}),
        (["empty", "small"], 2, {"empty": 1}),
        ([], 10, {}),
    ],
)
def test_a_pass_takes_the_first_that_fit_and_one_at_least(
    raw: Connection, given: list[str], rows: int, taken: dict[str, int]
) -> None:
    assert that_fit(raw, given, rows) == taken
