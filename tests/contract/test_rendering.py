"""The files rendered from the contract are the ones that are committed."""

from __future__ import annotations

import pytest

from orchestration.contract.model import load_contract
from orchestration.contract.render import PAGE_FILE, SOURCES_FILE, render_files
from orchestration.settings import Settings


@pytest.mark.parametrize("name", [PAGE_FILE, SOURCES_FILE])
def test_a_committed_file_equals_its_rendering(name: str) -> None:
    committed = Settings.from_environment().project_root / name
    assert committed.read_text(encoding="utf-8") == render_files(load_contract())[name], (
        "run: python -m orchestration.contract.render"
    )
