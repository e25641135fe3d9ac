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
def proof(postgres_server: DatabaseUrls) -> Iterator[Proof]:
    """The tiny business in every lane, loaded and refreshed."""
    warehouse = ProofWarehouse(postgres_server, Path(tempfile.mkdtemp(prefix="chairside-proof-")))
    try:
        yield Proof(warehouse)
    finally:
        warehouse.dispose()
