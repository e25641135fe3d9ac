"""Dagster's own storage as a run in this process uses it.

Put here how the instance keeps its connections and what it knows of its tables. Do not put here
what is stored (retention.py) or where (dagster.yaml).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import dagster as dg

# A connection is renewed after an hour; a statement of the event log never takes a minute.
POOL_RECYCLE_SECONDS = 3600
STATEMENT_TIMEOUT_MILLISECONDS = 60_000
MOST_CONNECTIONS = 10
# What the event log asks of its own tables, which only `dagster instance migrate` changes.
STRUCTURE = ("has_table", "has_asset_key_col")


def keep_connections(instance: dg.DagsterInstance) -> None:
    """Let the instance keep its connections open, as the webserver does.

    Without this dagster-postgres opens one for every statement: 4,000 in a refresh with 380 nodes,
    a third of its time. It keeps one at hand: whether its tables exist, which it asks at every
    event and beside another statement, is remembered, for it would open a second one each time.
    """
    instance.optimize_for_webserver(
        statement_timeout=STATEMENT_TIMEOUT_MILLISECONDS,
        pool_recycle=POOL_RECYCLE_SECONDS,
        max_overflow=MOST_CONNECTIONS,
    )
    events = instance.event_log_storage
    for question in STRUCTURE:
        setattr(events, question, cache(getattr(events, question)))
