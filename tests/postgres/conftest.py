"""Fixtures for tests that start servers of their own.

Put here temporary homes. Do not put here the shared server, which is in tests/conftest.py.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from orchestration.postgres.server import remove
from orchestration.settings import Settings, find_project_root


@pytest.fixture
def settings() -> Iterator[Settings]:
    """Settings of an empty home; whatever server is started in it is deleted afterwards."""
    with _temporary_settings() as made:
        yield made


@pytest.fixture(scope="module")
def module_settings() -> Iterator[Settings]:
    """The same, shared by the tests of a module."""
    with _temporary_settings() as made:
        yield made


@contextmanager
def _temporary_settings() -> Iterator[Settings]:
    home = Path(tempfile.mkdtemp(prefix="chairside-test-"))
    home.chmod(0o755)
    (home / "postgresql.local.conf").write_text("shared_buffers = 64MB\n", encoding="utf-8")
    try:
        made = Settings(find_project_root(Path(__file__).parent), home, home / "exports")
        yield made
        home.chmod(0o755)
        remove(made)
    finally:
        shutil.rmtree(home, ignore_errors=True)
