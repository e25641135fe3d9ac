"""Fixtures that every test may use.

Put here what needs a running Postgres. Do not put here data or helpers of one topic; they belong
in that topic's own conftest.py.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import hypothesis
import pytest
from psycopg2 import sql
from xdist.scheduler import LoadScopeScheduling

from orchestration.postgres.connection import connect
from orchestration.postgres.server import DatabaseUrls, ensure_running, remove
from orchestration.postgres.urls import parse_url, with_parameters
from orchestration.settings import Settings, find_project_root
from tests.warehouse import Warehouse, warehouse_in

PROJECT_ROOT = find_project_root(Path(__file__).resolve().parent)
# No test's data has to outlive a power cut, and tests share the machine with other programs.
TEST_CONFIGURATION = "fsync = off\nfull_page_writes = off\nshared_buffers = 256MB\n"
DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")
POSTGRES_FLAVOURS = [
    pytest.param(None, id="bundled"),
    pytest.param(
        DEBIAN_15,
        id="debian-15",
        marks=pytest.mark.skipif(
            not (DEBIAN_15 / "postgres").is_file(), reason=f"no Postgres 15 in {DEBIAN_15}"
        ),
    ),
]

# How long an example takes says more of the machine than of what is tested.
hypothesis.settings.register_profile("chairside", deadline=None)
hypothesis.settings.load_profile("chairside")

# The folders that take longest, which are begun first where several processes share the tests.
LONGEST = ("integration", "proof", "cases")
# Modules that share no warehouse with those beside them.
ALONE = ("tests/integration/test_toronto_salon.py",)

NewDatabase = Callable[..., AbstractContextManager[str]]
NewWarehouse = Callable[[], AbstractContextManager[Warehouse]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the folders that take longest."""
    items.sort(key=lambda item: _shared_with(item.nodeid) not in LONGEST)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadScopeScheduling:
    """Give each folder's tests, which share a warehouse, to one process."""
    return FolderScheduling(config, log)


class FolderScheduling(LoadScopeScheduling):
    """Shares the tests among processes by the folder that they are in."""

    def _split_scope(self, nodeid: str) -> str:
        return _shared_with(nodeid)


def _shared_with(nodeid: str) -> str:
    module = nodeid.partition("::")[0]
    return module if module in ALONE else nodeid.split("/")[1]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[DatabaseUrls]:
    """A server for the whole session.

    It is CHAIRSIDE_TEST_DATABASE_URL's; else one that the programs in the folder
    CHAIRSIDE_TEST_POSTGRES_BIN run, such as Postgres 15's; else the embedded one.
    """
    programs = os.environ.get("CHAIRSIDE_TEST_POSTGRES_BIN")
    url = os.environ.get("CHAIRSIDE_TEST_DATABASE_URL")
    with temporary_server(Path(programs) if programs else None, url) as urls:
        yield urls


@pytest.fixture(scope="session", params=POSTGRES_FLAVOURS)
def each_postgres(request: pytest.FixtureRequest) -> Iterator[DatabaseUrls]:
    """A server of each supported kind that this machine has: ask for it to run on all of them."""
    with temporary_server(request.param, None) as urls:
        yield urls


@pytest.fixture(scope="session")
def new_database(postgres_server: DatabaseUrls) -> NewDatabase:
    """A context manager `new_database(template=None)` that gives the URL of a database of its own.

    `template` is the URL of a database to copy; nobody may be connected to it meanwhile.
    """
    return database_maker(postgres_server.warehouse)


@pytest.fixture
def fresh_database(new_database: NewDatabase) -> Iterator[str]:
    """The URL of an empty database for one test."""
    with new_database() as url:
        yield url


@pytest.fixture(scope="module")
def module_database(new_database: NewDatabase) -> Iterator[str]:
    """The URL of an empty database that the tests of one module share."""
    with new_database() as url:
        yield url


def database_maker(server_url: str) -> NewDatabase:
    """Return the `new_database` of any server, for tests that use `each_postgres`."""

    @contextmanager
    def new_database(template: str | None = None) -> Iterator[str]:
        name = f"chairside_test_{uuid.uuid4().hex[:12]}"
        source = parse_url(template)["dbname"] if template else "template1"
        with connect(server_url, autocommit=True) as connection, connection.cursor() as cursor:
            create = sql.SQL("create database {} template {}")
            cursor.execute(create.format(sql.Identifier(name), sql.Identifier(source)))
        try:
            yield with_parameters(server_url, dbname=name)
        finally:
            with connect(server_url, autocommit=True) as connection, connection.cursor() as cursor:
                # A test that failed may have left connections open.
                drop = sql.SQL("drop database if exists {} with (force)")
                cursor.execute(drop.format(sql.Identifier(name)))

    return new_database


@pytest.fixture(scope="session")
def new_warehouse(new_database: NewDatabase) -> NewWarehouse:
    """A context manager `new_warehouse()` that gives an empty warehouse of its own."""

    @contextmanager
    def make() -> Iterator[Warehouse]:
        with new_database() as url, warehouse_in(url) as warehouse:
            yield warehouse

    return make


@contextmanager
def temporary_server(binaries: Path | None, external_url: str | None) -> Iterator[DatabaseUrls]:
    """Run a server of these programs, the embedded ones where there are none, or use another."""
    # Not pytest's own folder, which only its user may enter: a server started by root could not.
    home = Path(tempfile.mkdtemp(prefix="chairside-test-"))
    home.chmod(0o755)
    (home / "postgresql.local.conf").write_text(TEST_CONFIGURATION, encoding="utf-8")
    settings = Settings(PROJECT_ROOT, home, home / "exports", database_url=external_url)
    try:
        yield _ensure(settings, binaries)
    finally:
        remove(settings)
        shutil.rmtree(home, ignore_errors=True)


def _ensure(settings: Settings, binaries: Path | None) -> DatabaseUrls:
    if binaries is None:
        return ensure_running(settings)
    from orchestration.postgres.binaries import Binaries
    from orchestration.postgres.embedded import ensure_embedded

    return ensure_embedded(settings, Binaries(binaries))
