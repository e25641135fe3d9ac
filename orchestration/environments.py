"""The environments Chairside runs in, as one closed list.

Put here the enum and maps that must name every environment. Do not put here anything read from the
machine (settings.py does that) nor Dagster objects.
"""

from __future__ import annotations

from enum import StrEnum


class Environment(StrEnum):
    """Where this process runs, from CHAIRSIDE_ENV."""

    DEV = "dev"
    CI = "ci"
    PRODUCTION = "production"
