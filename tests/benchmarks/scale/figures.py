"""The figures of a benchmark: kept as JSON after every step, so that a run can be taken up again.

Put here keeping and reading figures. Do not put here their targets (targets.py).
"""

from __future__ import annotations

import json
import platform
from pathlib import Path
from typing import Any

Step = dict[str, Any]


class Figures:
    """Figures by step, in one file."""

    def __init__(self, path: Path) -> None:
        """Read what an earlier run left."""
        self.path = path
        self.steps: dict[str, Step] = {}
        if path.exists():
            self.steps = json.loads(path.read_text(encoding="utf-8"))["steps"]

    def keep(self, name: str, step: Step) -> None:
        """Set a step's figures and write the file."""
        self.steps[name] = step
        document = {"machine": platform.platform(), "steps": self.steps}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(document, indent=2, default=str)
        self.path.write_text(text + "\n", encoding="utf-8")

    def get(self, step: str, *names: str) -> float | None:
        """Return one figure, None where it was not measured."""
        value: Any = self.steps.get(step)
        for name in names:
            value = value.get(name) if isinstance(value, dict) else None
        return float(value) if value is not None else None
