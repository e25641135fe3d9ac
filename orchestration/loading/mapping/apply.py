"""A path read through a mapping: its foreign files, then a feed for each entity.

Put here the order of these steps. Do not put here the steps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from psycopg2.extensions import connection as Connection

from orchestration.contract.model import Contract
from orchestration.loading.discovery import load_order
from orchestration.loading.feed import Feed
from orchestration.loading.mapping.foreign_tables import ForeignTable, find_paths
from orchestration.loading.mapping.mapped_feed import MappedFeed
from orchestration.loading.mapping.model import Mapping
from orchestration.loading.problems import Problem, ProblemLog
from orchestration.loading.report import Progress


def mapped_feeds(
    connection: Connection,
    path: Path,
    mapping: Mapping,
    contract: Contract,
    problems: ProblemLog,
    progress: Callable[[Progress], None] | None,
) -> list[Feed]:
    """Read the foreign files and return the feeds of all entities, parents first.

    Rows of a foreign file that cannot be read are counted with the first entity that it feeds.
    Raises ChairsideError where a file is missing or unusable.
    """
    paths = find_paths(path, mapping)
    absent = frozenset(
        name for name, file in mapping.files.items() if file.is_optional and name not in paths
    )
    inputs = [item for item in mapping.inputs if item.file in paths]
    fed = {item.entity for item in inputs} | {item.entity for item in mapping.constants}
    order = load_order(contract, fed)
    tables, sources = {}, {}
    for name, found in paths.items():
        first = min(
            (item.entity for item in inputs if item.file == name), key=order.index, default=name
        )

        def report(file_name: str, rows: int, share: float, entity: str = first) -> None:
            if progress:
                progress(Progress(entity, file_name, rows, share))

        tables[name] = ForeignTable(
            connection,
            mapping.files[name],
            found,
            partial(_add, problems, first),
        )
        sources[name] = tables[name].fill(report)
    feeds: list[Feed] = []
    counted: set[str] = set()
    for entity in order:
        feed = MappedFeed(
            connection,
            contract.entities[entity],
            [item for item in inputs if item.entity == entity],
            [item for item in mapping.constants if item.entity == entity],
            tables,
            sources,
            absent,
            mapping.file_name,
        )
        unread = {name: n for table in tables.values() for name, n in table.rejected.items()}
        for file in feed.files:
            if file.name not in counted:
                counted.add(file.name)
                file.rows_unread = unread.get(file.name, 0)
        feeds.append(feed)
    return feeds


def _add(problems: ProblemLog, entity: str, problem: Problem) -> None:
    problems.add(replace(problem, entity=entity))
