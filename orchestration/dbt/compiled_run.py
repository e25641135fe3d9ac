"""A pass, run from the SQL that dbt compiled: its tables filled, its data tests made.

Put here running that SQL and telling of it as dbt would. Do not put here compiling (compiled.py) or
what dbt runs itself (build.py).
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    Future,
    ThreadPoolExecutor,
    as_completed,
    wait,
)
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from graphlib import TopologicalSorter
from heapq import heappop, heappush
from queue import SimpleQueue
from typing import TypeVar

from psycopg2 import sql

from orchestration.ahead import ahead
from orchestration.dbt.build import STAGE
from orchestration.dbt.compiled import CompiledModel, CompiledPass, CompiledTest
from orchestration.dbt.outcomes import NodeOutcome
from orchestration.postgres.connection import Connection, connect
from orchestration.progress import Progress, report

# One for each processor: nothing here waits for anything else, so that more would wait for those.
# The server, which may be elsewhere, is given no more than dbt's threads give it.
CONNECTIONS = min(4, max(2, os.cpu_count() or 2))
# The planner knows next to nothing of a table that was just filled. Small samples do for keys, and
# smaller ones for the tables of an hour, of which they would take as long as filling them.
STATISTICS_TARGET = 25
SMALL_ROWS, SMALL_STATISTICS_TARGET = 20_000, 5
# One after the other, small tests cost their planning; all at once, nobody could be told of any.
TEST_STATEMENTS = 16

Done = TypeVar("Done")


def run_pass(url: str, compiled: CompiledPass) -> Iterator[NodeOutcome]:
    """Fill every table and make every data test; yield what became of each, as dbt would tell it.

    The pass goes on while the caller works on an outcome. Raises psycopg2.Error where a statement
    cannot be run, and leaves tables half done then.
    """
    total = len(compiled.models) + len(compiled.tests)
    for done, outcome in enumerate(ahead(_filled_and_tested(url, compiled)), start=1):
        report(Progress(STAGE, done, total))
        yield outcome


def _filled_and_tested(url: str, compiled: CompiledPass) -> Generator[NodeOutcome]:
    yield from fill_tables(url, compiled.models)
    yield from run_tests(url, compiled.tests)


def fill_tables(url: str, models: Sequence[CompiledModel]) -> Iterator[NodeOutcome]:
    """Fill every table anew from those it is made of, and yield each outcome.

    Raises psycopg2.Error.
    """
    by_id = {model.unique_id: model for model in models}
    order = TopologicalSorter({model.unique_id: model.after for model in models})
    behind = _tables_behind(models)
    order.prepare()
    ready: list[tuple[int, str]] = []
    _empty(url, models)
    with _workers(url) as submit:
        running: set[Future[NodeOutcome]] = set()
        while order.is_active():
            for unique_id in order.get_ready():
                heappush(ready, (-behind[unique_id], unique_id))
            while ready and len(running) < CONNECTIONS:
                running.add(submit(_fill, by_id[heappop(ready)[1]]))
            finished, running = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                outcome = future.result()
                order.done(outcome.unique_id)
                yield outcome


def _tables_behind(models: Sequence[CompiledModel]) -> dict[str, int]:
    """Return the longest row of tables that wait for each: begun late, it would end alone."""
    after = {model.unique_id: model.after for model in models}
    behind = dict.fromkeys(after, 0)
    for unique_id in reversed([*TopologicalSorter(after).static_order()]):
        for parent in after[unique_id]:
            behind[parent] = max(behind[parent], behind[unique_id] + 1)
    return behind


def run_tests(url: str, tests: Sequence[CompiledTest]) -> Iterator[NodeOutcome]:
    """Make the data tests, some in each statement, and yield each outcome.

    Raises psycopg2.Error.
    """
    with _workers(url) as submit:
        batches = [tests[start::TEST_STATEMENTS] for start in range(TEST_STATEMENTS)]
        counted: list[Future[list[NodeOutcome]]] = [
            submit(_count_failing, batch) for batch in batches if batch
        ]
        for future in as_completed(counted):
            yield from future.result()


def _empty(url: str, models: Sequence[CompiledModel]) -> None:
    # At once: whoever deletes a table's old file waits for the disk when it commits.
    with connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(f"truncate {', '.join(model.relation for model in models)}")


def _fill(connection: Connection, model: CompiledModel) -> NodeOutcome:
    started_at, clock = datetime.now(UTC), time.monotonic()
    columns = ", ".join(model.columns)
    with connection, connection.cursor() as cursor:
        cursor.execute(
            # What is filled is lost in a crash anyway. Keys in scope are distinct, so to remember
            # what was found for one would copy every row of history and help with no other.
            f"/* chairside: {model.name} */ set local synchronous_commit = off;\n"
            "set local enable_memoize = off;\n"
            f"insert into {model.relation} {f'({columns})' if columns else ''}\n"
            f"select {columns or '*'} from (\n{model.query}\n) as recomputed"
        )
        rows = cursor.rowcount
        target = SMALL_STATISTICS_TARGET if rows <= SMALL_ROWS else STATISTICS_TARGET
        cursor.execute(
            f"set local default_statistics_target = {target};\n"
            f"analyze {model.relation};\n"
            f"{model.hook}"
        )
    return NodeOutcome(
        unique_id=model.unique_id,
        resource_type="model",
        name=model.name,
        status="success",
        message=f"INSERT 0 {rows}",
        rows=rows,
        failures=None,
        started_at=started_at,
        finished_at=datetime.now(UTC),
        seconds=time.monotonic() - clock,
    )


def _count_failing(connection: Connection, tests: Sequence[CompiledTest]) -> list[NodeOutcome]:
    started_at = datetime.now(UTC)
    counts = [
        sql.SQL("select {}, count(*) from (\n{}\n) as failing").format(
            sql.Literal(test.unique_id), sql.SQL(test.query.replace("{", "{{").replace("}", "}}"))
        )
        for test in tests
    ]
    with connection, connection.cursor() as cursor:
        cursor.execute(sql.SQL("\nunion all\n").join(counts))
        failures = dict(cursor.fetchall())
    finished_at = datetime.now(UTC)
    return [_tested(test, failures[test.unique_id], started_at, finished_at) for test in tests]


def _tested(
    test: CompiledTest, failures: int, started_at: datetime, finished_at: datetime
) -> NodeOutcome:
    fails = "warn" if test.is_warning else "fail"
    return NodeOutcome(
        unique_id=test.unique_id,
        resource_type="test",
        name=test.name,
        status=fails if failures else "pass",
        message=f"Got {failures} failing rows" if failures else None,
        rows=None,
        failures=failures,
        started_at=started_at,
        finished_at=finished_at,
        # All were made at once.
        seconds=None,
    )


@contextmanager
def _workers(url: str) -> Iterator[Callable[..., Future[Done]]]:
    """Give a `submit(work, value)` that runs `work(connection, value)` on a free connection."""
    free: SimpleQueue[Connection] = SimpleQueue()

    def on_a_free_connection(work: Callable[..., Done], value: object) -> Done:
        connection = free.get()
        try:
            return work(connection, value)
        finally:
            free.put(connection)

    with ExitStack() as stack:
        for _ in range(CONNECTIONS):
            free.put(stack.enter_context(connect(url)))
        pool = stack.enter_context(ThreadPoolExecutor(CONNECTIONS))
        # After a failure nothing that still waits is begun.
        stack.callback(pool.shutdown, cancel_futures=True)
        yield lambda work, value: pool.submit(on_a_free_connection, work, value)
