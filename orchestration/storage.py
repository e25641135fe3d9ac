"""Dagster's own storage as a run in this process uses it.

Put here how the instance keeps its connections. Do not put here what is stored (retention.py) or
where (dagster.yaml).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import dagster as dg

# A connection is renewed after an hour; a statement of the event log never takes a minute.
POOL_RECYCLE_SECONDS = 3600
STATEMENT_TIMEOUT_MILLISECONDS = 60_000
MOST_CONNECTIONS = 10


def keep_connections(instance: dg.DagsterInstance) -> None:
    """Let the instance keep its connections open, as the webserver does.

    Without this dagster-postgres opens one for every statement: 4,000 in a refresh with 380 nodes,
    a third of its time.
    """
    instance.optimize_for_webserver(
        statement_timeout=STATEMENT_TIMEOUT_MILLISECONDS,
        pool_recycle=POOL_RECYCLE_SECONDS,
        max_overflow=MOST_CONNECTIONS,
    )
