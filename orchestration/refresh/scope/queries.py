"""Named statements in this package's .sql files.

Put here reading of those files. Do not put here statements.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_NAME = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)


@cache
def statements(file: str) -> dict[str, str]:
    """Return the statements of `<file>.sql` by the names in the comments above them, in order."""
    text = Path(__file__).with_name(f"{file}.sql").read_text(encoding="utf-8")
    _, *parts = _NAME.split(text)
    return dict(zip(parts[::2], parts[1::2], strict=True))
