"""Writes the files that are rendered from the contract: `python -m orchestration.contract.render`.

Put here the list of rendered files and their writing. Do not put here what they say.
"""

from __future__ import annotations

import sys
from pathlib import Path

from orchestration.contract.model import Contract, load_contract
from orchestration.contract.page import render_page
from orchestration.contract.sources import render_sources

PAGE_FILE = "seeds/README.md"
SOURCES_FILE = "dbt_project/models/staging/native/_native__sources.yml"


def render_files(contract: Contract) -> dict[str, str]:
    """Return the text of every rendered file by its path from the project root."""
    return {PAGE_FILE: render_page(contract), SOURCES_FILE: render_sources(contract)}


def write_files(root: Path) -> list[Path]:
    """Write the rendered files below a project root and return those that changed."""
    changed = []
    for name, text in render_files(load_contract()).items():
        path = root / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed


if __name__ == "__main__":
    for written in write_files(Path(__file__).resolve().parents[2]):
        sys.stdout.write(f"wrote {written}\n")
