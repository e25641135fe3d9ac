"""Random changes of the tiny business: any row, any column, from few values that often meet.

Put here strategies. Do not put here the rules of the machine that draws from them
(test_random_histories.py). The values come from the contract, so a new column is drawn at once.
"""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from orchestration.contract.model import Column, ColumnType, Entity, load_contract
from tests.proof.business import GIFT_CARDS, NAMES
from tests.proof.steps import Put, day, instant, put

BOOKINGS = ("appointments", "appointments", "appointment_services")
TICKETS = ("sales", "sale_lines", "sale_line_taxes", "payments", "payments", "refunds")
PREPAID = (
    "gift_card_events", "packages", "package_redemptions", "memberships", "loyalty_accounts",
    "loyalty_events",
)  # fmt: skip
PEOPLE = ("customers", "customers", "customer_merges")
TEAM = ("staff", "staff_shifts", "campaigns", "campaign_sends", "marketing_spend", "expenses")
CATALOGUE = ("services", "products", "catalog_prices")
PLACES = ("locations", "locations", "organizations")

# Days that life cycles, cohorts, months and expiries turn on, seen from the first clock.
DAYS = (-500, -366, -365, -201, -92, -91, -90, -61, -60, -32, -31, -30, -29, -8, -2, -1, 0)
DAYS_AHEAD = (*DAYS, 1, 2, 3, 10, 31, 32, 60, 93)
HOURS = (-12.0, -5.0, -1.0, 0.0, 0.5, 9.0)
# A new day has everything recomputed, which hides what an hour would miss.
SMALL_MOVES = tuple(timedelta(minutes=minutes) for minutes in (10, 20, 30, 60, 60, 120))
LARGE_MOVES = (
    timedelta(hours=8), timedelta(hours=11), timedelta(days=1), timedelta(days=2),
    timedelta(days=5), timedelta(days=31), timedelta(days=92),
    timedelta(days=366), timedelta(hours=-1), timedelta(days=-2), timedelta(days=-40),
)  # fmt: skip
BY_COLUMN: dict[str, tuple[str, ...]] = {
    "gift_card_id": (*GIFT_CARDS, ""),
    "item_id": ("v1", "v2", "v9", "p1", "p9", "g1", "k1", "m1", ""),
    "sale_line_id": ("1", "2", "9"),
    "appointment_service_id": ("1", "2", "9"),
    "tax_name": ("GST", "PST"),
    "quantity": ("1", "2", "-1", "0.5", ""),
    "points": ("10", "50", "-10", "-60"),
    "category": ("Cut", "Colour", ""),
    "name": ("A name", "Another name"),
    "opened_date": (day(-450), ""),
    "closed_date": (day(-1), day(40), ""),
}
BY_TYPE: dict[ColumnType, tuple[str, ...]] = {
    ColumnType.ID: ("1", "2"),
    ColumnType.TEXT: ("one", "two"),
    ColumnType.INTEGER: ("0", "1", "30", "100"),
    ColumnType.DECIMAL: ("0.05", "0.07"),
    ColumnType.MONEY: ("0", "5", "12.34", "60", "250"),
    ColumnType.BOOLEAN: ("true", "false"),
    ColumnType.TIME: ("02:00", "05:30"),
    ColumnType.BIRTHDAY: ("1980-03-31", "1990-04-01", "0000-05-02", "2000-02-29"),
    ColumnType.CURRENCY: ("CAD", "EUR", "JPY"),
    ColumnType.TIMEZONE: ("America/Vancouver", "Asia/Tokyo", "Europe/Berlin"),
    ColumnType.HOURS: ("09:00-18:00", "closed"),
}
SIGNED = {"gift_card_events": ("amount",), "sale_lines": ("gross_amount",)}
COMMON = frozenset({"organization_id", "version", "updated_at", "deleted_at"})


def changes_of(entities: tuple[str, ...]) -> SearchStrategy[Put]:
    """Return rows of these entities: changed, deleted, brought back, or sent too late."""
    contract = load_contract()
    return st.sampled_from(entities).flatmap(lambda name: _put(contract.entities[name]))


def new_bookings() -> SearchStrategy[list[Put]]:
    """Return a booking with its service."""
    days, hours = st.sampled_from(DAYS_AHEAD), st.sampled_from(HOURS)
    return st.builds(
        lambda name, customer, staff, days, hours: [
            put("appointments", name, customer_id=customer, start_at=instant(days, hours)),
            put("appointment_services", name, "1", staff_id=staff, service_id="v2"),
        ],
        st.sampled_from(NAMES["appointments"][1]),
        _names("customers"),
        _names("staff"),
        days,
        hours,
    )


def new_tickets() -> SearchStrategy[list[Put]]:
    """Return a ticket with a line and its payment."""
    return st.builds(
        lambda ticket, customer, item, days: [
            put("sales", ticket[0], customer_id=customer, closed_at=instant(days)),
            put("sale_lines", ticket[0], "1", item_id=item, staff_id="s1", tax_amount="2"),
            put("payments", ticket[1], sale_id=ticket[0], paid_at=instant(days)),
        ],
        st.sampled_from(list(zip(NAMES["sales"][1], NAMES["payments"][1][:2], strict=True))),
        _names("customers"),
        st.sampled_from(("v1", "v2", "v9")),
        st.sampled_from(DAYS),
    )


def _put(entity: Entity) -> SearchStrategy[Put]:
    editable = [c for c in entity.columns if c.name not in {*COMMON, *entity.key}]
    edits = st.lists(
        st.sampled_from(editable), min_size=1, max_size=3, unique_by=lambda column: column.name
    ).flatmap(lambda columns: st.tuples(*(_change(entity, column) for column in columns)))
    deleted = _times(DAYS).map(lambda at: (("deleted_at", at),))
    revived = st.just((("deleted_at", ""),))
    changes = st.one_of(edits, edits, edits, edits, deleted, revived)
    outdated = st.sampled_from((False,) * 9 + (True,))
    return st.builds(Put, st.just(entity.name), _key(entity), changes, outdated)


def _change(entity: Entity, column: Column) -> SearchStrategy[tuple[str, str]]:
    return st.tuples(st.just(column.name), _value(entity, column))


def _value(entity: Entity, column: Column) -> SearchStrategy[str]:
    empty = () if column.required else ("",)
    if column.references:
        names = _names(column.references)
        return names if column.required else st.one_of(names, names, st.just(""))
    if column.type is ColumnType.TIMESTAMP:
        times = _times(DAYS if column.past else DAYS_AHEAD)
        return times if column.required else st.one_of(times, times, times, st.just(""))
    if column.type is ColumnType.DATE and column.name not in BY_COLUMN:
        return st.sampled_from([*map(day, DAYS if column.past else DAYS_AHEAD), *empty])
    values = column.values or BY_COLUMN.get(column.name) or BY_TYPE[column.type]
    if column.name in SIGNED.get(entity.name, ()):
        values = (*values, "-20")
    return st.sampled_from([*(value for value in values if value or not column.required), *empty])


def _times(days: tuple[int, ...]) -> SearchStrategy[str]:
    return st.builds(instant, st.sampled_from(days), st.sampled_from(HOURS))


def _names(entity: str) -> SearchStrategy[str]:
    known, unknown = NAMES[entity]
    return st.sampled_from([*known, *known, *unknown])


def _key(entity: Entity) -> SearchStrategy[tuple[str, ...]]:
    if not entity.key:
        return st.just(())
    if entity.name == "catalog_prices":
        return st.tuples(
            st.sampled_from(("service", "product")),
            st.sampled_from(("v1", "v2", "p1")),
            st.sampled_from((instant(-300), instant(-1), instant(20))),
            st.sampled_from(("", "l1")),
        )
    parts = {
        "sale_lines": "sales",
        "sale_line_taxes": "sales",
        "appointment_services": "appointments",
    }
    if entity.name not in parts:
        return _names(entity.name).map(lambda name: (name,))
    columns = [st.sampled_from(BY_COLUMN[name][:2]) for name in entity.key[1:]]
    return st.tuples(_names(parts[entity.name]), *columns)
