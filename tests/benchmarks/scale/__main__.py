"""How Chairside does at the size of a platform: `make benchmark`, or

    python -m tests.benchmarks.scale --appointments 1000000 --only hour,idle

Generates a platform, loads it, rebuilds everything, refreshes an hour of 1,000 changed bookings
and one without changes, verifies, and refreshes S0's three views beside it. Each step's figures are
kept as soon as it ends, so a run that was stopped is taken up with --only. Asserts nothing: it
prints each target of the platform beside its figure.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from orchestration.settings import Settings
from tests.benchmarks.scale.figures import Figures
from tests.benchmarks.scale.size import Size
from tests.benchmarks.scale.steps import STEPS, Benchmark
from tests.benchmarks.scale.targets import print_table
from tests.benchmarks.scale.warehouse import CommandFailedError, Warehouse

SMALLER = Size(1_000_000)


def main() -> None:
    """Run the steps that were asked for and print the table."""
    arguments = _arguments()
    size = Size(arguments.appointments)
    settings = Settings.from_environment()
    folder = arguments.folder or settings.home / "benchmarks"
    own = Figures(folder / f"{size.name}.json")
    warehouse = Warehouse(settings, folder / size.name, arguments.memory)
    benchmark = Benchmark(size, warehouse, drops_files=arguments.drop_files)
    try:
        for step in arguments.only:
            print(f"{step} …", file=sys.stderr, flush=True)
            own.keep(step, getattr(benchmark, step)())
    except CommandFailedError as error:
        sys.exit(str(error))
    finally:
        print_table(own, Figures(folder / f"{SMALLER.name}.json"))
    print(f"\nAll figures: {own.path}")
    if arguments.only == list(STEPS) and not arguments.keep:
        benchmark.warehouse.remove()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.scale",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--appointments", type=int, default=10_000_000)
    parser.add_argument(
        "--folder",
        type=Path,
        help="Where data, server and figures go. [default: benchmarks in CHAIRSIDE_HOME]",
    )
    parser.add_argument("--memory", type=float, default=8, help="Gigabytes for Postgres.")
    parser.add_argument(
        "--only",
        type=_steps,
        default=list(STEPS),
        metavar="STEP,…",
        help=f"Run these steps alone: {', '.join(STEPS)}. The others must have run before.",
    )
    parser.add_argument(
        "--drop-files", action="store_true", help="Delete the raw files once they are loaded."
    )
    parser.add_argument("--keep", action="store_true", help="Leave the warehouse after all steps.")
    return parser.parse_args()


def _steps(text: str) -> list[str]:
    names = text.split(",")
    if unknown := set(names) - set(STEPS):
        raise argparse.ArgumentTypeError(f"no such step: {', '.join(sorted(unknown))}")
    return [name for name in STEPS if name in names]


if __name__ == "__main__":
    main()
