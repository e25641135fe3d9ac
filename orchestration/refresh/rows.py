"""Reading the result of a statement that always gives a row.

Put here helpers on cursors that more than one module of this package needs. Do not put here
queries.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from psycopg2 import extensions

Cursor: TypeAlias = extensions.cursor


def single_row(cursor: Cursor) -> tuple[Any, ...]:
    """Return the only row; raises LookupError when there is none, which is a bug."""
    row = cursor.fetchone()
    if row is None:
        raise LookupError(f"no row came back from: {cursor.query!r}")
    return row
