"""The raw tables as dbt sources, rendered from the contract.

Put here only what dbt's sources file holds. Do not put here models or their tests, which are
written by hand.
"""

from __future__ import annotations

from textwrap import wrap

from orchestration.contract.model import Contract, Entity
from orchestration.contract.tables import META_COLUMNS, RAW_SCHEMA, postgres_type

HEADER = """\
# Rendered from orchestration/contract/native.yml by `python -m orchestration.contract.render`;
# a test compares the two. Edit the contract, not this file.
version: 2

sources:
  - name: {schema}
    schema: {schema}
    description: >-
      Raw data in the native layout, as loaded: the current version of each row by its key, deleted
      rows marked and kept. seeds/README.md is the same contract as a page.
    tables:
"""


def render_sources(contract: Contract) -> str:
    """Return the text of _native__sources.yml."""
    tables = "".join(_table(entity) for entity in contract.entities.values())
    return HEADER.format(schema=RAW_SCHEMA) + tables


def _table(entity: Entity) -> str:
    lines = [
        f"      - name: {entity.name}",
        *_description(entity.description, 8),
        "        columns:",
    ]
    for column in entity.columns:
        lines += _column(column.name, postgres_type(column), column.description)
    for name, definition, description in META_COLUMNS:
        lines += _column(name, definition.split(" ")[0], description)
    return "\n".join(lines) + "\n"


def _column(name: str, data_type: str, description: str) -> list[str]:
    return [
        f"          - name: {name}",
        f"            data_type: {data_type}",
        *_description(description, 12),
    ]


def _description(text: str, indent: int) -> list[str]:
    margin = " " * indent
    folded = wrap(text, 100 - indent - 2)
    return [f"{margin}description: >-", *(f"{margin}  {line}" for line in folded)]
