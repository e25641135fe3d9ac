"""dagster-dbt as it is where dbt is not installed: it names assets by a manifest, and that is all.

Put here how it is imported. Do not put here what is made of it (translator.py, assets/). With dbt
it imports half of dbt and reads the manifest by it, for selections that Chairside does not make:
more than half of what each refresh, and each that finds nothing to do, takes to start.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def _hidden(package: str) -> Iterator[None]:
    """Have imports of a package fail inside the block, unless the process has it already."""
    if package in sys.modules:
        yield
        return
    sys.modules[package] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[package]


with _hidden("dbt"):
    from dagster_dbt import DagsterDbtTranslator, dbt_assets

__all__ = ["DagsterDbtTranslator", "dbt_assets"]
