"""Whether a file's header fits its entity.

Put here checks of column names. Do not put here checks of values.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from orchestration.contract.model import Entity
from orchestration.errors import ChairsideError


def check_header(file_name: str, header: Sequence[str], entity: Entity) -> None:
    """Raise ChairsideError where the header names unknown columns or lacks required ones."""
    complaints = [*_unnamed(header), *_repeated(header)]
    unknown = [name for name in dict.fromkeys(header) if name and name not in entity.by_name]
    complaints += [
        f"column {name!r} is unknown{suggestion(name, entity.by_name)}" for name in unknown
    ]
    required = [column.name for column in entity.columns if column.required]
    missing = [name for name in required if name not in header]
    if missing:
        complaints.append("required columns are missing: " + ", ".join(missing))
    if entity.one_of and not set(entity.one_of) & set(header):
        complaints.append("one of these columns is required: " + ", ".join(entity.one_of))
    if complaints:
        raise ChairsideError(
            f"{file_name}, line 1: the header does not fit {entity.name}: "
            + "; ".join(complaints)
            + ".",
            f"seeds/README.md lists the columns of {entity.name}. For a file in another layout,"
            " write a mapping and load with --mapping.",
        )


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return `, did you mean ...?` where a known name is close, else nothing."""
    spellings = {each.lower(): each for each in known}
    close = get_close_matches(name.lower().strip(), spellings, n=1, cutoff=0.6)
    return f" (did you mean {spellings[close[0]]!r}?)" if close else ""


def _unnamed(header: Sequence[str]) -> list[str]:
    empty = [str(index + 1) for index, name in enumerate(header) if not name]
    return [f"column {', '.join(empty)} has no name"] if empty else []


def _repeated(header: Sequence[str]) -> list[str]:
    repeated = [name for name in dict.fromkeys(header) if name and header.count(name) > 1]
    return [f"column {name!r} stands twice" for name in repeated]
