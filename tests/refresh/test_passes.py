"""A pass of a refresh reads raw tables only while no load writes them.

Put here the refresh's side of that lock. Do not put here the load's (tests/loading) or what a pass
recomputes.
"""

from __future__ import annotations

import threading
import time

from orchestration.postgres.connection import connect
from orchestration.postgres.urls import with_parameters
from orchestration.progress import Progress, listening
from orchestration.refresh.passes import inputs_locked
from orchestration.warehouse.locks import INPUTS_LOCK_OBJECT, LOCK_CLASS
from orchestration.warehouse.query import fetch_value

NAME = (LOCK_CLASS, INPUTS_LOCK_OBJECT)


def test_a_refresh_waits_for_a_load_longer_than_for_any_table_and_says_so(
    fresh_database: str,
) -> None:
    impatient = with_parameters(fresh_database, options="-c lock_timeout=100ms")
    told: list[Progress] = []
    entered = threading.Event()

    def refresh() -> None:
        with (
            listening(told.append),
            connect(impatient, autocommit=True) as connection,
            inputs_locked(connection),
        ):
            entered.set()
            assert fetch_value(connection, "select current_setting('lock_timeout')") == "100ms"

    with connect(fresh_database, autocommit=True) as load:
        fetch_value(load, "select pg_advisory_lock_shared(%s, %s)", NAME)
        thread = threading.Thread(target=refresh)
        thread.start()
        time.sleep(0.5)
        assert not entered.is_set()
        fetch_value(load, "select pg_advisory_unlock_shared(%s, %s)", NAME)
        thread.join()
    assert entered.is_set()
    assert [progress.stage for progress in told] == ["wait for a load to commit"] * 2


def test_a_refresh_that_meets_no_load_does_not_speak_of_waiting(fresh_database: str) -> None:
    told: list[Progress] = []
    with (
        listening(told.append),
        connect(fresh_database, autocommit=True) as connection,
        inputs_locked(connection),
    ):
        pass
    assert told == []
