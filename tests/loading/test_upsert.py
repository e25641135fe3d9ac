"""What a load changes: new rows, newer rows that differ, deleted or vanished rows, no others."""

from __future__ import annotations

import threading

import pytest

from orchestration.loading.load import load_path
from orchestration.postgres.connection import connect

HEADER = "organization_id,customer_id,first_name,version,updated_at,deleted_at\n"
ROWS = (
    "select customer_id, first_name, _is_deleted from raw_native.customers"
    " where organization_id = 'shop' order by 1"
)


def counts(report) -> dict[str, int]:
    names = ("inserted", "updated", "deleted", "unchanged", "rejected")
    return {name: report.total(f"rows_{name}") for name in names if report.total(f"rows_{name}")}


@pytest.fixture
def shop(business):
    def load(*rows: str, **options):
        business.write("customers.csv", HEADER + "".join(f"shop,{row}\n" for row in rows))
        return business.load(**options)

    business.load_rows = load
    return business


def test_loading_the_same_file_twice_changes_nothing(shop) -> None:
    first = shop.load_rows("a,Ann,1,,", "b,Bob,,,")
    rows = shop.query("select *, ctid from raw_native.customers order by customer_id")
    again = shop.load_rows("a,Ann,1,,", "b,Bob,,,")
    assert counts(first) == {"inserted": 2}
    assert counts(again) == {"unchanged": 2}
    assert not again.changed_anything
    assert shop.query("select *, ctid from raw_native.customers order by customer_id") == rows
    assert shop.query(
        "select status, rows_read, rows_inserted, rows_unchanged from ops.loads order by load_id"
    ) == [("succeeded", 2, 2, 0), ("succeeded", 2, 0, 2)]


def test_a_row_that_differs_is_replaced_and_stamped(shop) -> None:
    shop.load_rows("a,Ann,,,", "b,Bob,,,")
    report = shop.load_rows("a,Anne,,,", "b,Bob,,,")
    assert counts(report) == {"updated": 1, "unchanged": 1}
    assert shop.query(
        "select customer_id, _load_id, _source_file, _source_line from raw_native.customers"
        " order by 1"
    ) == [("a", report.load_id, "customers.csv", 2), ("b", report.load_id - 1, "customers.csv", 3)]


@pytest.mark.parametrize(
    ("old", "new", "winner"),
    [
        ("a,Old,2,,", "a,New,1,,", "Old"),
        ("a,Old,2,,", "a,New,2,,", "New"),
        ("a,Old,2,,", "a,New,,,", "Old"),
        ("a,Old,,,", "a,New,0,,", "New"),
        ("a,Old,2,2026-01-02T00:00Z,", "a,New,2,2026-01-01T00:00Z,", "Old"),
        ("a,Old,2,2026-01-02T00:00Z,", "a,New,3,2026-01-01T00:00Z,", "New"),
        ("a,Old,,2026-01-02T00:00Z,", "a,New,,,", "Old"),
    ],
)
def test_an_older_version_never_overwrites_a_newer_one(
    shop, old: str, new: str, winner: str
) -> None:
    shop.load_rows(old)
    report = shop.load_rows(new)
    assert shop.query(ROWS) == [("a", winner, False)]
    assert counts(report) == ({"updated": 1} if winner == "New" else {"unchanged": 1})


def test_a_row_deleted_at_the_source_is_marked_and_comes_back(shop) -> None:
    shop.load_rows("a,Ann,1,,", "b,Bob,1,,")
    assert counts(shop.load_rows("a,Ann,2,,2026-01-01T00:00Z")) == {"deleted": 1}
    assert shop.query(ROWS) == [("a", "Ann", True), ("b", "Bob", False)]
    assert counts(shop.load_rows("a,Ann,2,,2026-01-01T00:00Z")) == {"unchanged": 1}
    assert counts(shop.load_rows("a,Ann,3,,")) == {"updated": 1}
    assert shop.query(ROWS)[0] == ("a", "Ann", False)


def test_a_snapshot_marks_what_it_no_longer_has(shop) -> None:
    shop.load_rows("a,Ann,,,", "b,Bob,,,")
    shop.write("customers.csv", HEADER + "other,z,Zed,,,\n")
    shop.load()
    report = shop.load_rows("b,Bob,,,", snapshot=True)
    assert counts(report) == {"unchanged": 1, "deleted": 1}
    assert shop.query(ROWS) == [("a", "Ann", True), ("b", "Bob", False)]
    assert shop.column(
        "select _is_deleted from raw_native.customers where organization_id = 'other'"
    ) == [False]
    assert counts(shop.load_rows("b,Bob,,,", snapshot=True)) == {"unchanged": 1}
    assert counts(shop.load_rows("a,Ann,,,", "b,Bob,,,")) == {"updated": 1, "unchanged": 1}


def test_a_snapshot_of_one_system_leaves_another_alone(shop) -> None:
    shop.load_rows("a,Ann,,,", source_system="till")
    shop.load_rows("b,Bob,,,", source_system="app", snapshot=True)
    assert shop.query(ROWS) == [("a", "Ann", False), ("b", "Bob", False)]


def test_a_rejected_row_of_a_snapshot_has_not_vanished(shop) -> None:
    shop.load_rows("a,Ann,,,", "b,Bob,,,", "c,Cem,,,")
    report = shop.load_rows("a,Ann,one,,", "b,Bob,,,", snapshot=True)
    assert counts(report) == {"unchanged": 1, "rejected": 1, "deleted": 1}
    assert shop.query(ROWS) == [("a", "Ann", False), ("b", "Bob", False), ("c", "Cem", True)]


def test_a_snapshot_with_an_unreadable_key_deletes_nothing(shop) -> None:
    shop.load_rows("a,Ann,,,", "b,Bob,,,")
    shop.load_rows("a,Ann,,,", "b", snapshot=True)
    assert shop.query(ROWS) == [("a", "Ann", False), ("b", "Bob", False)]


def test_of_repeated_keys_in_a_file_the_highest_version_wins(shop) -> None:
    report = shop.load_rows("a,Newest,3,,", "a,Old,1,,", "a,Newer,2,,")
    assert shop.query(ROWS) == [("a", "Newest", False)]
    assert counts(report) == {"inserted": 1, "unchanged": 2}
    assert shop.rejects(report.load_id) == []


def test_an_exact_repetition_in_a_file_is_a_warning(shop) -> None:
    report = shop.load_rows("a,Ann,1,,", "b,Bob,,,", "a,Ann,1,,")
    assert counts(report) == {"inserted": 2, "unchanged": 1}
    assert report.total("rows_warned") == 1
    problem = shop.rejects(report.load_id)[0]
    assert problem == (
        "warning",
        "customers.csv",
        2,
        "customer_id",
        "repeats line 4 exactly",
        "shop,a,Ann,1,,",
    )


def test_a_contradiction_in_a_file_keeps_the_last_and_rejects_the_others(shop) -> None:
    report = shop.load_rows("a,Ann,1,,", "a,Bea,1,,")
    assert shop.query(ROWS) == [("a", "Bea", False)]
    problem = shop.rejects(report.load_id)[0]
    assert problem[:4] == ("error", "customers.csv", 2, "customer_id")
    assert "same key as line 3" in problem[4]


def test_a_key_with_an_empty_part_is_one_key(business) -> None:
    header = "organization_id,item_type,item_id,location_id,price,valid_from_at\n"
    row = "shop,service,cut,,{},2026-01-01T00:00Z\n"
    business.write("catalog_prices.csv", header + row.format(30))
    business.load()
    business.write("catalog_prices.csv", header + row.format(35))
    assert counts(business.load()) == {"updated": 1}
    assert business.column("select price from raw_native.catalog_prices") == [35]


def test_a_column_that_a_later_file_omits_is_emptied(shop) -> None:
    shop.load_rows("a,Ann,,,")
    shop.write("customers.csv", "organization_id,customer_id\nshop,a\n")
    assert counts(shop.load()) == {"updated": 1}
    assert shop.query(ROWS) == [("a", None, False)]


def test_the_ledger_names_each_file_with_its_checksum(shop) -> None:
    report = shop.load_rows("a,Ann,,,")
    assert shop.query(
        "select entity, file_name, rows_read, length(sha256) from ops.load_files"
    ) == [("customers", "customers.csv", 1, 64)]
    assert shop.query("select load_id, source_system, mapping from ops.loads") == [
        (report.load_id, "native", None)
    ]


def test_loads_take_turns_and_commit_in_the_order_of_their_numbers(shop) -> None:
    shop.write("customers.csv", HEADER + "".join(f"shop,c{i},X,,,\n" for i in range(2000)))
    url = shop.connection.info.dsn_parameters
    address = (
        f"postgresql://{url['user']}:{shop.connection.info.password}"
        f"@{shop.connection.info.host}:{url['port']}/{url['dbname']}"
    )
    order: list[int] = []

    def load() -> None:
        with connect(address) as connection:
            order.append(load_path(connection, shop.folder).load_id)

    threads = [threading.Thread(target=load) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert order == sorted(order)
    assert shop.column("select sum(rows_inserted) from ops.loads") == [2000]


def test_what_a_row_was_before_is_kept_for_the_next_refresh(shop) -> None:
    shop.load_rows("a,Ann,,,", "b,Bob,,,", "c,Cid,,,")
    changed = shop.load_rows("a,Anne,,,", "b,Bob,,,", snapshot=True)
    assert shop.query(
        "select entity, key, old_row ->> 'first_name', old_row -> '_is_deleted'"
        f" from ops.row_changes where load_id = {changed.load_id} order by key"
    ) == [("customers", "a", "Ann", False), ("customers", "c", "Cid", False)]
