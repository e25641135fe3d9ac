"""A load writes raw tables only while no refresh reads them, and says so when it waits.

Put here loads that meet a refresh. Do not put here loads that meet loads (test_upsert.py).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from psycopg2.extensions import connection as Connection  # noqa: N812

from orchestration.errors import ChairsideError
from orchestration.loading.load import load_path
from orchestration.postgres.connection import connect
from orchestration.postgres.urls import with_parameters
from orchestration.warehouse.locks import INPUTS_LOCK_OBJECT, LOCK_CLASS
from orchestration.warehouse.query import fetch_value

NAME = (LOCK_CLASS, INPUTS_LOCK_OBJECT)
FILE = "organization_id,customer_id,first_name\nsalon,dee,Dee\n"
SHARES = (
    "select count(*) from pg_locks where locktype = 'advisory' and mode = 'ShareLock'"
    " and granted = %s and (classid, objid) = (%s, %s)"
    " and database = (select oid from pg_database where datname = current_database())"
)
DEE = "select count(*) from raw_native.customers where customer_id = 'dee'"


@pytest.fixture
def refresh(salon, shared_warehouse: str) -> Iterator[Connection]:
    """A session like a refresh's, with a row of a refresh that runs."""
    with connect(shared_warehouse, autocommit=True) as session, session.cursor() as cursor:
        cursor.execute(
            "insert into ops.refreshes (status, as_of, triggered_by)"
            " values ('running', now(), 'schedule hourly')"
        )
        yield session
        cursor.execute("delete from ops.refreshes")


def read_inputs(session: Connection) -> None:
    fetch_value(session, "select pg_advisory_lock(%s, %s)", NAME)


def stop_reading(session: Connection) -> None:
    fetch_value(session, "select pg_advisory_unlock(%s, %s)", NAME)


def test_a_load_waits_for_the_refresh_that_reads_and_names_it(
    salon, refresh, shared_warehouse: str
) -> None:
    salon.write("customers.csv", FILE)
    refresh_id = fetch_value(refresh, "select refresh_id from ops.refreshes")
    reasons: list[str] = []
    waits = threading.Event()

    def on_wait(reason: str) -> None:
        reasons.append(reason)
        waits.set()

    # The server's own limit is for tables that somebody forgot to let go.
    impatient = with_parameters(shared_warehouse, options="-c lock_timeout=100ms")

    def load() -> None:
        with connect(impatient) as connection:
            load_path(connection, salon.folder, on_wait=on_wait)

    read_inputs(refresh)
    thread = threading.Thread(target=load)
    thread.start()
    try:
        assert waits.wait(timeout=60)
        time.sleep(0.5)
        assert fetch_value(refresh, DEE) == 0
    finally:
        stop_reading(refresh)
        thread.join()
    assert len(reasons) == 1
    assert f"refresh {refresh_id}, started by schedule hourly" in reasons[0]
    assert fetch_value(refresh, DEE) == 1


def test_a_load_that_meets_no_reader_does_not_speak_of_waiting(salon, refresh) -> None:
    salon.write("customers.csv", FILE)
    reasons: list[str] = []
    salon.load(on_wait=reasons.append)
    assert reasons == []


def test_a_load_holds_its_share_from_its_first_row_in_raw_to_its_commit(salon, refresh) -> None:
    salon.write("customers.csv", FILE)
    salon.write(
        "sales.csv", "organization_id,sale_id,location_id,created_at\n" + "salon,s,east,x\n"
    )
    seen: list[tuple[str, int]] = []
    salon.load(
        progress=lambda progress: seen.append(
            (progress.entity, fetch_value(refresh, SHARES, (True, *NAME)))
        )
    )
    assert seen == [("customers", 0), ("sales", 1)]
    assert fetch_value(refresh, SHARES, (True, *NAME)) == 0


def test_a_load_that_fails_gives_its_share_back(salon, refresh) -> None:
    salon.write("customers.csv", FILE)
    salon.write("sales.csv", "organization_id,bill\nsalon,1\n")
    with pytest.raises(ChairsideError):
        salon.load()
    assert fetch_value(refresh, SHARES, (True, *NAME)) == 0


def test_a_new_load_is_not_taken_by_any_refresh(salon) -> None:
    salon.write("customers.csv", FILE)
    report = salon.load()
    assert salon.query("select refresh_id from ops.loads where load_id = %s", report.load_id) == [
        (None,)
    ]
