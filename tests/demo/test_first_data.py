"""What a first `make refresh` does before it refreshes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from orchestration.cli import first_data
from orchestration.dbt.project import DbtPaths
from orchestration.demo import plan
from orchestration.postgres.connection import connect
from orchestration.postgres.server import DatabaseUrls
from orchestration.settings import Settings
from orchestration.warehouse.query import fetch_value
from orchestration.warehouse.schema import ensure_warehouse


def test_the_demo_is_loaded_once_and_dbt_made_ready_for_it(
    fresh_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared: list[DbtPaths] = []

    @contextmanager
    def prepare(paths: DbtPaths) -> Iterator[None]:
        prepared.append(paths)
        yield

    monkeypatch.setattr(first_data, "prepared_dbt", prepare)
    monkeypatch.setattr(plan, "Plan", partial(plan.Plan, customers=40, years=1))
    settings = Settings(tmp_path, tmp_path / "home", tmp_path / "exports")
    with connect(fresh_database) as connection:
        ensure_warehouse(connection)
    for _ in range(2):
        with (
            first_data.demo_if_empty(settings, DatabaseUrls(fresh_database, fresh_database)),
            connect(fresh_database) as connection,
        ):
            assert fetch_value(connection, "select count(*) from ops.loads") == 1
    assert len(prepared) == 1
