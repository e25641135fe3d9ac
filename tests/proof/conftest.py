"""The warehouse that histories are tried in, refreshed once for the whole session.

Put here fixtures and the profiles of hypothesis. `make proof` sets CHAIRSIDE_PROOF_EXAMPLES.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.postgres.server import DatabaseUrls
from orchestration.settings import find_project_root
from tests.conftest import DEBIAN_15, temporary_server
from tests.proof.trial import Proof
from tests.proof.warehouses import ProofWarehouse

PROJECT_ROOT = find_project_root(Path(__file__).resolve().parent)
LONG = "CHAIRSIDE_PROOF_EXAMPLES"
# A refresh on a busy machine takes long, and making a failure small takes many.
TIMEOUT_SECONDS = 24 * 3600 if LONG in os.environ else 1800

long_only = pytest.mark.skipif(LONG not in os.environ, reason="takes minutes: `make proof` runs it")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the tests of this folder, which wait for refreshes, more time."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.timeout(TIMEOUT_SECONDS))


@pytest.fixture(scope="session")
def postgres_server(postgres_server: DatabaseUrls) -> Iterator[DatabaseUrls]:
    """The oldest Postgres that is supported, where it is installed and no other is asked for.

    The other tests run on the newest; what a refresh does is so tested on both.
    """
    asked_for = {LONG, "CHAIRSIDE_TEST_DATABASE_URL", "CHAIRSIDE_TEST_POSTGRES_BIN"}
    if asked_for & os.environ.keys() or not (DEBIAN_15 / "postgres").is_file():
        yield postgres_server
        return
    with temporary_server(DEBIAN_15, None) as urls:
        yield urls


@pytest.fixture(scope="session")
def proof(postgres_server: DatabaseUrls) -> Iterator[Proof]:
    """The tiny business in every lane, loaded and refreshed."""
    warehouse = ProofWarehouse(postgres_server, Path(tempfile.mkdtemp(prefix="chairside-proof-")))
    try:
        yield Proof(warehouse)
    finally:
        warehouse.dispose()
