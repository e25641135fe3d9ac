"""Definitions built from the project as it stands, without a warehouse."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from orchestration.definitions import build_definitions
from orchestration.settings import Settings, find_project_root

PROJECT_ROOT = find_project_root(Path(__file__).resolve().parent)
# Parsing renders the profile and connects to nothing.
NO_SERVER = {
    "CHAIRSIDE_PG_HOST": "127.0.0.1",
    "CHAIRSIDE_PG_PORT": "1",
    "CHAIRSIDE_PG_USER": "nobody",
    "CHAIRSIDE_PG_PASSWORD": "none",
    "CHAIRSIDE_PG_DATABASE": "warehouse",
}


@pytest.fixture(scope="session")
def project_settings() -> Iterator[Settings]:
    """Settings with a home of their own, and dbt's variables set for the session's parse."""
    before = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="chairside-test-") as home:
        os.environ.update({**NO_SERVER, "CHAIRSIDE_HOME": home, "CHAIRSIDE_ENV": "production"})
        try:
            yield Settings.from_environment(start=PROJECT_ROOT)
        finally:
            os.environ.clear()
            os.environ.update(before)


@pytest.fixture(scope="session")
def definitions(project_settings: Settings) -> dg.Definitions:
    """The definitions of the production environment."""
    return build_definitions(project_settings)
