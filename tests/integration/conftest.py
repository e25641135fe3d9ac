"""The demo loaded and refreshed once, for the whole session.

Put here fixtures that need a refreshed warehouse. Do not put here tests, nor anything that changes
the shared one: ask for `scratch_warehouse`, a copy of its own, to break things.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from orchestration.dbt.project import project_paths
from orchestration.dbt.runner import DbtRunner
from orchestration.demo.plan import Plan
from orchestration.demo.salon import make_demo, write_demo
from orchestration.postgres.server import DatabaseUrls
from orchestration.warehouse.schema import ensure_warehouse
from tests.warehouse import PROJECT_ROOT, Warehouse, warehouse_in

COMMITTED_DEMO = PROJECT_ROOT / "seeds" / "demo"
SMALL_PLAN = Plan(customers=300, years=1)

# A whole refresh takes longer than a usual test may, and much longer on a busy machine.
TIMEOUT_SECONDS = 1200


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the tests of this folder, which wait for refreshes, more time."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.timeout(TIMEOUT_SECONDS))


@pytest.fixture(scope="session")
def demo_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo salon's raw files and expected.json: the committed ones, else freshly written."""
    if COMMITTED_DEMO.is_dir():
        return COMMITTED_DEMO
    folder = tmp_path_factory.mktemp("demo") / "files"
    write_demo(make_demo(SMALL_PLAN), folder)
    return folder


@pytest.fixture(scope="session")
def warehouse(
    postgres_server: DatabaseUrls, new_database: Any, demo_files: Path
) -> Iterator[Warehouse]:
    """The demo, loaded and refreshed once at its own as_of. Read only: all tests share it."""
    with new_database() as url, warehouse_in(url) as warehouse:
        with warehouse.connection() as connection:
            ensure_warehouse(connection)
        warehouse.load(demo_files)
        result = warehouse.refresh()
        assert result.succeeded, f"the demo's refresh failed: {result.error}"
        yield warehouse


@pytest.fixture(scope="session")
def runner(warehouse: Warehouse) -> DbtRunner:
    """A dbt in this process that has read the project once."""
    with warehouse.active() as settings:
        runner = DbtRunner(project_paths(settings))
        runner.parse()
    return runner


@pytest.fixture(scope="session")
def refreshed(warehouse: Warehouse, new_database: Any) -> Iterator[str]:
    """The URL of a copy of the refreshed database, to restore it from."""
    with new_database(template=warehouse.url) as url:
        yield url


@pytest.fixture(scope="module")
def scratch_warehouse(warehouse: Warehouse, refreshed: str) -> Iterator[Warehouse]:
    """The refreshed warehouse, which the tests of one module may change and break.

    It is put back when they end: under its own name, which dbt's artefacts hold.
    """
    yield warehouse
    warehouse.restore(refreshed)
