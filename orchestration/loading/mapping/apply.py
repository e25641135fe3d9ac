"""A path read through a mapping: its foreign files, then a feed for each entity.

Put here the order of these steps. Do not put here the steps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from orchestration.contract.model import Contract
from orchestration.loading.discovery import load_order
from orchestration.loading.feed import Feed
from orchestration.loading.mapping.foreign_tables import Export, ForeignTable, find_paths
from orchestration.loading.mapping.mapped_feed import MappedFeed
from orchestration.loading.mapping.model import Mapping
from orchestration.loading.problems import Problem, ProblemLog
from orchestration.loading.report import Progress
from orchestration.postgres.connection import Connection


@dataclass(frozen=True, slots=True)
class MappedLoad:
    """What it takes to read a path through a mapping."""

    connection: Connection
    path: Path
    mapping: Mapping
    contract: Contract
    problems: ProblemLog
    progress: Callable[[Progress], None] | None

    def feeds(self) -> list[Feed]:
        """Read the foreign files and return the feeds of all entities, parents first.

        Rows of a foreign file that cannot be read are counted with the first entity that it
        feeds. Raises ChairsideError where a file is missing or unusable.
        """
        paths = find_paths(self.path, self.mapping)
        order = load_order(self.contract, self._entities(paths))
        tables = {name: self._table(name, found, order) for name, found in paths.items()}
        sources = {name: table.fill() for name, table in tables.items()}
        export = Export(tables, sources, self._absent(paths))
        feeds = [
            MappedFeed(self.connection, self.contract.entities[name], self.mapping, export)
            for name in order
        ]
        _count_unread(feeds, tables)
        return list(feeds)

    def _entities(self, paths: dict[str, dict[str, Path]]) -> set[str]:
        fed = {item.entity for item in self.mapping.inputs if item.file in paths}
        return fed | {item.entity for item in self.mapping.constants}

    def _absent(self, paths: dict[str, dict[str, Path]]) -> frozenset[str]:
        files = self.mapping.files
        return frozenset(n for n, file in files.items() if file.is_optional and n not in paths)

    def _table(self, name: str, paths: dict[str, Path], order: list[str]) -> ForeignTable:
        fed = [item.entity for item in self.mapping.inputs if item.file == name]
        first = min(fed, key=order.index, default=name)
        return ForeignTable(
            self.connection,
            self.mapping.files[name],
            paths,
            reject=partial(self._reject, first),
            progress=partial(self._show, first),
        )

    def _reject(self, entity: str, problem: Problem) -> None:
        self.problems.add(replace(problem, entity=entity))

    def _show(self, entity: str, file_name: str, rows: int, share: float) -> None:
        if self.progress:
            self.progress(Progress(entity, file_name, rows, share))


def _count_unread(feeds: list[MappedFeed], tables: dict[str, ForeignTable]) -> None:
    unread = {name: rows for table in tables.values() for name, rows in table.rejected.items()}
    for feed in feeds:
        for file in feed.files:
            # Counted once: the file's other entities never saw the row.
            file.rows_unread = unread.pop(file.name, 0)
