"""Every environment variable that the code reads is one line of .env.example."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Set by Chairside itself for its child processes, never by a person.
INTERNAL = re.compile(r"CHAIRSIDE_(PG_|DAGSTER_PG_URL|PUBLISH|RECOMPUTES|TEST_)")


def test_every_variable_is_documented() -> None:
    named = {
        variable
        for path in (ROOT / "orchestration").rglob("*.py")
        for variable in re.findall(r"\bCHAIRSIDE_[A-Z_]+[A-Z]\b", path.read_text())
        if not INTERNAL.match(variable)
    }
    documented = set(re.findall(r"\bCHAIRSIDE_[A-Z_]+\b", (ROOT / ".env.example").read_text()))
    assert named, "no variable found, so the pattern must be wrong"
    assert named <= documented
