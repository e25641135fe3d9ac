"""Which files of a folder hold which entity, by their names.

Put here the reading of file names. Do not put here the reading of files.
"""

from __future__ import annotations

from pathlib import Path

from orchestration.contract.model import Contract, Entity
from orchestration.errors import ChairsideError
from orchestration.loading.header import suggestion

SUFFIXES = (".csv", ".csv.gz", ".parquet")


def find_native_files(path: Path, contract: Contract) -> list[tuple[Entity, Path]]:
    """Return the entity files at a path (a folder or one file), in the order to load them.

    Files of other kinds, such as notes or JSON, are left alone. Raises ChairsideError for a data
    file named after no entity, two files of one entity, or nothing to load.
    """
    files = [path] if path.is_file() else sorted(path.iterdir())
    found: dict[str, Path] = {}
    for file in files:
        stem = _stem(file)
        if stem is None or not file.is_file():
            continue
        if stem not in contract.entities:
            raise _unknown_entity(file, stem, contract)
        if stem in found:
            raise ChairsideError(
                f"{found[stem].name} and {file.name} both hold {stem}.",
                "Keep one file per entity in a folder.",
            )
        found[stem] = file
    if not found:
        raise ChairsideError(
            f"{path} holds no file to load.",
            "Files are named after their entity, such as customers.csv or sales.parquet;"
            " seeds/README.md lists them. For other layouts use --mapping.",
        )
    return [(contract.entities[name], found[name]) for name in load_order(contract, found)]


def load_order(contract: Contract, names: dict[str, Path] | set[str]) -> list[str]:
    """Return entity names, parents first; locations before all, as others need their clocks."""
    ordered = [name for name in contract.entities if name in names]
    return sorted(ordered, key=lambda name: name != "locations")


def _stem(file: Path) -> str | None:
    for suffix in SUFFIXES:
        if file.name.endswith(suffix) and not file.name.startswith("."):
            return file.name.removesuffix(suffix)
    return None


def _unknown_entity(file: Path, stem: str, contract: Contract) -> ChairsideError:
    return ChairsideError(
        f"{file.name}: the native layout has no entity {stem!r}"
        f"{suggestion(stem, contract.entities)}.",
        "Name the file after its entity (seeds/README.md lists them), move it out of the folder,"
        " or load it with --mapping.",
    )
