"""Histories that once made public tables differ from a rebuild, as small as they could be made.

Put here what random histories found, under a sentence that says what it is about.
"""

from __future__ import annotations

from tests.proof.steps import History

REGRESSIONS: dict[str, History] = {}
