"""That the planner knows what a load put into the raw tables, without waiting for the server."""

from __future__ import annotations

HEADER = "organization_id,customer_id,first_name\n"
PLANNED_ROWS = "select reltuples from pg_class where oid = 'raw_native.customers'::regclass"


def load(business, names: dict[str, str]) -> None:
    rows = "".join(f"shop,{key},{name}\n" for key, name in names.items())
    business.write("customers.csv", HEADER + rows)
    business.load()


def test_a_first_load_is_known_to_the_planner_at_once(business) -> None:
    load(business, {f"c{number}": "Ann" for number in range(50)})
    assert business.query(PLANNED_ROWS) == [(50.0,)]


def test_a_load_that_changes_little_leaves_statistics_alone(business) -> None:
    names = {f"c{number}": "Ann" for number in range(50)}
    load(business, names)
    load(business, names | {f"d{number}": "Bea" for number in range(4)})
    assert business.query(PLANNED_ROWS) == [(50.0,)]


def test_a_load_that_changes_a_tenth_renews_them(business) -> None:
    names = {f"c{number}": "Ann" for number in range(50)}
    load(business, names)
    load(business, names | {f"d{number}": "Bea" for number in range(5)})
    assert business.query(PLANNED_ROWS) == [(55.0,)]
