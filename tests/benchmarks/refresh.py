"""What a refresh through Dagster costs beside a plain `dbt build` of the same models.

    .venv/bin/python tests/benchmarks/refresh.py --customers 7000 --years 3 --runs 3

Makes a warehouse of its own in a temporary folder, loads a demo, then runs both in turn. Seconds
depend on the machine and what else it does; the ratio much less. Children's processor time is
printed beside them: it leaves out Postgres, which works the same for both.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from orchestration.settings import find_project_root

PROJECT_ROOT = find_project_root(Path(__file__).resolve().parent)
CHAIRSIDE = [sys.executable, "-m", "orchestration.cli.main"]
AS_OF = "2026-11-01T12:00:00Z"
PLAIN = ["dbt", "build", "--exclude-resource-type", "unit_test", "--quiet"]
THROUGH_DAGSTER = ["refresh", "--as-of", AS_OF]
TARGET_RATIO = 1.5


@dataclass
class Cost:
    """One run of a command: wall-clock and processor seconds of its process."""

    command: str
    seconds: float
    processor_seconds: float


def run(arguments: list[str], environment: dict[str, str]) -> Cost:
    """Run `chairside` once; stops the benchmark when it fails."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    ended = subprocess.run(
        [*CHAIRSIDE, *arguments],
        cwd=PROJECT_ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if ended.returncode:
        sys.exit(f"chairside {' '.join(arguments)} failed:\n{ended.stdout}{ended.stderr}")
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(arguments[0], seconds, processor)


def measure(arguments: argparse.Namespace, home: Path) -> dict:
    """Return the costs of both ways, their medians and ratios."""
    environment = os.environ | {
        "CHAIRSIDE_HOME": str(home),
        # A bare dbt parses into the project's own folder, which others use.
        "DBT_TARGET_PATH": str(home / "plain" / "target"),
        "DBT_LOG_PATH": str(home / "plain" / "logs"),
    }
    demo = home / "demo"
    size = ["--customers", str(arguments.customers), "--years", str(arguments.years)]
    try:
        run(["demo", str(demo), *size], environment)
        run(["load", str(demo)], environment)
        # The first of each parses the project and creates every table.
        warm_up = [run(way, environment) for way in (PLAIN, THROUGH_DAGSTER)]
        costs = [
            run(way, environment) for _ in range(arguments.runs) for way in (PLAIN, THROUGH_DAGSTER)
        ]
    finally:
        run(["db", "destroy", "--yes"], environment)
    return summarise(warm_up, costs)


def summarise(warm_up: list[Cost], costs: list[Cost]) -> dict:
    """Return medians and ratios."""
    medians = {
        name: {
            what: statistics.median(getattr(c, what) for c in costs if c.command == name)
            for what in ("seconds", "processor_seconds")
        }
        for name in ("dbt", "refresh")
    }
    ratios = {
        what: medians["refresh"][what] / medians["dbt"][what]
        for what in ("seconds", "processor_seconds")
    }
    return {
        "first": [asdict(cost) for cost in warm_up],
        "runs": [asdict(cost) for cost in costs],
        "medians": medians,
        "ratios": ratios,
        "target_ratio": TARGET_RATIO,
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=7000)
    parser.add_argument("--years", type=int, default=3)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", type=Path, help="Write all figures to this file.")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="chairside-benchmark-") as home:
        # A server started by root runs as another user, who must be able to enter.
        Path(home).chmod(0o755)
        figures = measure(arguments, Path(home))
    for cost in (*figures["first"], *figures["runs"]):
        print(
            f"{cost['command']:<8} {cost['seconds']:7.1f} s {cost['processor_seconds']:7.1f} cpu s"
        )
    for what, ratio in figures["ratios"].items():
        print(f"refresh / dbt build, {what}: {ratio:.2f} (target {TARGET_RATIO})")
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
