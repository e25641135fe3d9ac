"""What readers notice of an hourly refresh, a full one and a verification.

    .venv/bin/python -m tests.benchmarks.readers --customers 7000 --years 3

Readers go through all marts all the time, each time in one snapshot, and one sits in an open
transaction. Prints how long their longest statement took, beside nothing and beside each kind of
refresh, and every fault that they saw; there must be none.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

from orchestration.postgres.server import ensure_running
from tests.faults.campaign import CLOCKS, write_files
from tests.faults.world import World
from tests.readers import Readers, reading

QUIET_SECONDS = 20


def main() -> None:
    """Load, refresh, read meanwhile, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=7000)
    parser.add_argument("--years", type=int, default=3)
    parser.add_argument("--readers", type=int, default=3)
    arguments = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="chairside-readers-"))
    # A server started by root runs as another user, who must be able to enter.
    home.chmod(0o755)
    world = World(home)
    try:
        faults = _measure(world, arguments)
    finally:
        world.dispose()
        shutil.rmtree(home, ignore_errors=True)
    sys.exit(1 if faults else 0)


def _measure(world: World, arguments: argparse.Namespace) -> list[str]:
    size = ["--customers", str(arguments.customers), "--years", str(arguments.years)]
    world.run("demo", str(world.home / "demo"), *size)
    here, there = write_files(world.home / "demo", world.home / "files")
    world.run("load", str(here))
    world.run("refresh", "--as-of", CLOCKS[0])
    world.run("load", str(there))
    url = ensure_running(world.settings).warehouse
    print("| beside | seconds | snapshots read | longest statement | faults |")
    print("| --- | --- | --- | --- | --- |")
    faults: list[str] = []
    for name, command in (
        ("nothing", ()),
        ("an hourly refresh", ("refresh", "--as-of", CLOCKS[0])),
        ("a full refresh at an earlier clock", ("refresh", "--full", "--as-of", CLOCKS[1])),
        ("a verification", ("refresh", "--verify")),
    ):
        started = time.monotonic()
        with reading(url, arguments.readers) as readers:
            if command:
                world.run(*command)
            else:
                time.sleep(QUIET_SECONDS)
        _print(name, time.monotonic() - started, readers)
        faults += readers.faults()
    print("\n".join(faults))
    return faults


def _print(name: str, seconds: float, readers: Readers) -> None:
    print(
        f"| {name} | {seconds:.0f} | {readers.looks} | {readers.longest_seconds * 1000:.0f} ms"
        f" | {len(readers.faults())} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
