"""Fixtures for tests that start servers of their own.

Put here temporary homes. Do not put here the shared server, which is in tests/conftest.py.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from orchestration.postgres.server import remove
from orchestration.settings import Settings, find_project_root


@pytest.fixture
def settings() -> Iterator[Settings]:
    """Settings of an empty home; whatever server is started in it is deleted afterwards."""
    home = Path(tempfile.mkdtemp(prefix="chairside-test-"))
    home.chmod(0o755)
    (home / "postgresql.local.conf").write_text("shared_buffers = 64MB\n", encoding="utf-8")
    made = Settings(find_project_root(Path(__file__).parent), home, home / "exports")
    try:
        yield made
    finally:
        home.chmod(0o755)
        remove(replace(made, database_url=None))
        shutil.rmtree(home, ignore_errors=True)
