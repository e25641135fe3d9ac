"""The contract as a page to read: seeds/README.md.

Put here how the page is laid out. Do not put here what types accept (loading/values) or the prose
about folders and mappings, which stands in page.md.
"""

from __future__ import annotations

from pathlib import Path

from orchestration.contract.model import Column, Contract, Entity

PROSE_FILE = Path(__file__).with_name("page.md")
PLACEHOLDERS = ("{common_columns}", "{contents}", "{entities}")


def render_page(contract: Contract) -> str:
    """Return the page: the prose of page.md with the contract's tables in their places."""
    text = PROSE_FILE.read_text(encoding="utf-8")
    parts = (
        _column_table(contract.common_columns),
        _contents(contract),
        "\n".join(_section(entity, contract) for entity in contract.entities.values()),
    )
    for placeholder, part in zip(PLACEHOLDERS, parts, strict=True):
        text = text.replace(placeholder, part.rstrip("\n"))
    return text


def _contents(contract: Contract) -> str:
    return "\n".join(
        f"- [`{entity.name}`](#{entity.name}): {entity.description}"
        for entity in contract.entities.values()
    )


def _section(entity: Entity, contract: Contract) -> str:
    common = {column.name for column in contract.common_columns}
    own = tuple(column for column in entity.columns if column.name not in common)
    key = ", ".join(f"`{name}`" for name in entity.full_key)
    lines = [f"### {entity.name}", "", entity.description, "", f"Key: {key}.", ""]
    lines += [_column_table(own), "", *_rules(entity)]
    return "\n".join(lines)


def _column_table(columns: tuple[Column, ...]) -> str:
    rows = ["| column | type | | meaning |", "| --- | --- | --- | --- |"]
    rows += [
        f"| `{column.name}` | {column.type} | {'required' if column.required else ''} |"
        f" {_meaning(column)} |"
        for column in columns
    ]
    return "\n".join(rows)


def _meaning(column: Column) -> str:
    rules = []
    if column.values:
        rules.append("One of " + ", ".join(f"`{value}`" for value in column.values) + ".")
    if column.min is not None:
        rules.append("Not negative." if column.min == 0 else f"At least {column.min}.")
    if column.past:
        rules.append("Not in the future.")
    if column.references:
        rules.append(f"Names a row of [`{column.references}`](#{column.references}).")
    return " ".join([column.description, *rules])


def _rules(entity: Entity) -> list[str]:
    rules = [f"- `{first}` may not be later than `{second}`." for first, second in entity.ordered]
    if entity.one_of:
        rules.append("- At least one of " + _names(entity.one_of) + " must have a value.")
    if entity.same_currency:
        rules.append("- `currency`, where given, must be the currency of the row's location.")
    return [*rules, ""] if rules else []


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)
