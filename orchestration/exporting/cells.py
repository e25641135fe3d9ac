"""Text cells that a spreadsheet must not run as formulas.

Put here what makes a cell dangerous and how it is made harmless. Do not put here file formats.
"""

from __future__ import annotations

import re

# OWASP's list for CSV injection, with the full-width signs that Excel reads like the ASCII ones.
# Spaces before the sign do not stop Excel, so they do not stop the pattern either.
_FORMULA_AT_START = re.compile("[ \u00a0]*[=+\\-@\uff1d\uff0b\uff0d\uff20\t\r\n]")
# Where the list separator is a semicolon, Excel cuts a comma-separated line at semicolons and
# line breaks without heeding quotes, and a new cell begins in the middle of ours.
_FORMULA_AFTER_CUT = re.compile("([;\t\r\n][ \u00a0]*)(?=[=+\\-@\uff1d\uff0b\uff0d\uff20])")


def defuse(text: str) -> str:
    """Return the text with an apostrophe wherever a spreadsheet could begin a formula.

    NUL characters, which hide what follows from some readers, are dropped. A telephone number such
    as +49 30 1234 gets an apostrophe too: a spreadsheet would add it up and lose the plus sign.
    """
    clean = _FORMULA_AFTER_CUT.sub(r"\1'", text.replace("\0", ""))
    return f"'{clean}" if _FORMULA_AT_START.match(clean) else clean
