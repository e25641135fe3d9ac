"""Publishing when something goes wrong beside it: locks of others, a dead dbt, a closed refresh.

Put here faults at the moment of publication. Do not put here faults at random moments of whole
commands (test_faults.py).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from orchestration.dbt.compiled import OF_ORGANIZATIONS, CompiledPass, compiled_pass
from orchestration.dbt.project import load_manifest
from orchestration.dbt.runner import DbtFailedError, DbtRunner
from orchestration.postgres.connection import Connection, connect
from orchestration.refresh import publication
from orchestration.refresh.log import close_refresh
from orchestration.refresh.publication import publish
from orchestration.refresh.session import RefreshSession, refresh_session

if TYPE_CHECKING:
    from tests.warehouse import Warehouse

IS_WAITING = """
    select 1 from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock' and query like %s
"""
# As when somebody creates an index: it lets readers pass, and writers wait.
LOCK = "lock table marts.sales in share mode"


@pytest.fixture(params=["by dbt", "as dbt compiled it"])
def compiled(
    request: pytest.FixtureRequest, scratch_warehouse: Warehouse, runner: DbtRunner
) -> CompiledPass | None:
    """What publishes: dbt, which is slow to come to it, or the statements that it compiled."""
    if request.param == "by dbt":
        return None
    with scratch_warehouse.active() as settings:
        manifest = load_manifest(settings)
        return compiled_pass(runner.paths, manifest, OF_ORGANIZATIONS, lambda: runner)


@contextmanager
def open_session(warehouse: Warehouse, compiled: CompiledPass | None) -> Iterator[RefreshSession]:
    with (
        warehouse.active(),
        refresh_session(warehouse.url, as_of=warehouse.as_of, triggered_by="tests") as session,
    ):
        session.compiled = compiled
        yield session


@contextmanager
def locked_table(warehouse: Warehouse) -> Iterator[Connection]:
    with connect(warehouse.url) as connection:
        connection.cursor().execute(LOCK)
        yield connection


def wait_for(warehouse: Warehouse, query: str) -> None:
    """Return when a statement like this waits for a lock."""
    for _ in range(600):
        if warehouse.rows(IS_WAITING, (query,)):
            return
        time.sleep(0.1)
    pytest.fail(f"no statement like {query} came to wait")


def test_a_publication_waits_for_the_lock_of_somebody_else_and_tries_again(
    scratch_warehouse: Warehouse,
    runner: DbtRunner,
    compiled: CompiledPass | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(publication, "PAUSES", (0.1,) * 100)
    monkeypatch.setenv("PGOPTIONS", "-c lock_timeout=200ms")
    with (
        open_session(scratch_warehouse, compiled) as session,
        locked_table(scratch_warehouse) as other,
    ):
        done: list[object] = []
        thread = threading.Thread(target=lambda: done.append(publish(session, runner)))
        thread.start()
        # Longer than one try may wait.
        time.sleep(2)
        assert not done
        other.rollback()
        thread.join()
        assert len(done[0]) > 0  # type: ignore[arg-type]


def test_whoever_closes_a_refresh_that_publishes_waits_and_finds_it_published(
    scratch_warehouse: Warehouse, runner: DbtRunner, compiled: CompiledPass | None
) -> None:
    statuses: list[str] = []
    with open_session(scratch_warehouse, compiled) as session:

        def close() -> None:
            with connect(scratch_warehouse.url) as connection:
                statuses.append(close_refresh(connection, session.refresh_id, "dbt was killed"))

        with locked_table(scratch_warehouse):
            threads = [
                threading.Thread(target=publish, args=(session, runner)),
                threading.Thread(target=close),
            ]
            threads[0].start()
            wait_for(scratch_warehouse, "%")
            threads[1].start()
            wait_for(scratch_warehouse, "%update ops.refreshes%")
        for thread in threads:
            thread.join()
    assert statuses == ["succeeded"]
    last = scratch_warehouse.rows(
        "select status, error from ops.refreshes order by refresh_id desc limit 1"
    )
    assert last == [{"status": "succeeded", "error": None}]


def test_a_refresh_that_was_closed_publishes_nothing(
    scratch_warehouse: Warehouse, runner: DbtRunner, compiled: CompiledPass | None
) -> None:
    before = scratch_warehouse.public_tables()
    with open_session(scratch_warehouse, compiled) as session:
        close_refresh(session.connection, session.refresh_id, "its connection was lost")
        with pytest.raises(DbtFailedError, match="has ended meanwhile"):
            publish(session, runner)
    assert scratch_warehouse.public_tables() == before
