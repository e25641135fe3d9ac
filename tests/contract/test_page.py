"""What the published page shows can be loaded as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from orchestration.contract.model import load_contract
from orchestration.loading.load import load_path
from orchestration.loading.mapping.reading import read_mapping
from orchestration.postgres.connection import connect
from orchestration.settings import find_project_root

PAGE = (find_project_root(Path(__file__).resolve().parent) / "seeds" / "README.md").read_text()


def test_the_example_folder_loads(fresh_database, tmp_path: Path) -> None:
    files = re.findall(r"`(\w+\.csv)`[^\n]*\n\n```csv\n(.*?)```", PAGE, re.DOTALL)
    assert len(files) == 4
    for name, text in files:
        (tmp_path / name).write_text(text)
    with connect(fresh_database) as connection:
        report = load_path(connection, tmp_path, max_reject_share=0)
    assert report.total("rows_inserted") == 5
    assert report.total("rows_warned") == 0


def test_the_example_mapping_is_one(tmp_path: Path) -> None:
    path = tmp_path / "example.yml"
    path.write_text(re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[0])
    mapping = read_mapping(path, load_contract())
    assert mapping.files["receipts"].kinds == {"Date": "date", "Amount": "number"}


@pytest.mark.parametrize("entity", load_contract().entities)
def test_every_entity_has_its_section(entity: str) -> None:
    assert f"### {entity}\n" in PAGE
