"""Text cells that a spreadsheet must not run as formulas.

Put here what makes a cell dangerous and how it is made harmless. Do not put here file formats.
"""

from __future__ import annotations

import re

# OWASP's list for CSV injection, with the full-width signs that Excel reads like the ASCII ones.
# Spaces before the sign do not stop Excel, so they do not stop the pattern either.
_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
_FORMULA_AT_START = re.compile(f"[ \u00a0]*[{_SIGNS}\t\r\n]")
# Where the list separator is a semicolon, Excel cuts a comma-separated line at semicolons and
# line breaks without heeding quotes, and a new cell begins in the middle of ours.
_FORMULA_AFTER_CUT = re.compile(f"([;\t\r\n][ \u00a0]*)(?=[{_SIGNS}])")
# Most cells have none of this, and one search tells.
_SUSPICIOUS = re.compile(f"[\0;\t\r\n]|\\A[ \u00a0]*[{_SIGNS}]")


def defuse(text: str) -> str:
    """Return the text with an apostrophe wherever a spreadsheet could begin a formula.

    NUL characters, which hide what follows from some readers, are dropped. A telephone number such
    as +49 30 1234 gets an apostrophe too: a spreadsheet would add it up and lose the plus sign.
    """
    if not _SUSPICIOUS.search(text):
        return text
    clean = _FORMULA_AFTER_CUT.sub(r"\1'", text.replace("\0", ""))
    return f"'{clean}" if _FORMULA_AT_START.match(clean) else clean
