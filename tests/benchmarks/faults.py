"""Faults at random moments of load, refresh and export, and whether the next run needed help.

    .venv/bin/python -m tests.benchmarks.faults --moments 100

Makes two undisturbed warehouses to compare with and one that is struck again and again: processes
killed, Postgres killed, connections cut, and, where this may mount a small file system, the disk
filled. After every few strikes the next runs go undisturbed, and raw and public tables, exports and
the log must be what they would be without any fault. Prints a table; stops at the first difference.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.campaign import CLOCKS, Campaign, Moment, measure, undisturbed, write_files
from tests.faults.daemon import dagster_dev, strike_launched
from tests.faults.strikes import FULL_DISK, KILLS, Strike
from tests.faults.world import PROJECT_ROOT, World

DISK_SIZE = "1500m"


def main() -> None:
    """Strike, repair, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moments", type=int, default=100)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--repair-every", type=int, default=4, help="Strikes between two repairs.")
    parser.add_argument(
        "--launched", type=int, default=2, help="Refreshes of the daemon to strike."
    )
    parser.add_argument("--only", help="Strikes whose name holds this text, and no others.")
    parser.add_argument("--demo", type=Path, default=PROJECT_ROOT / "seeds" / "demo")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="chairside-faults-") as folder:
        root = Path(folder)
        # A server started by root runs as another user, who must be able to enter.
        root.chmod(0o755)
        with _disk(root / "struck") as is_small:
            campaign = _prepare(arguments, root)
            strikes = [s for s in (*KILLS, FULL_DISK) if (arguments.only or "") in s.name]
            if not is_small:
                strikes.remove(FULL_DISK)
            try:
                _run(campaign, strikes, arguments)
                _run_launched(campaign, arguments.launched)
            finally:
                campaign.world.dispose()
                print_table(campaign, arguments.seed)


def _prepare(arguments: argparse.Namespace, root: Path) -> Campaign:
    files = write_files(arguments.demo, root / "files")
    states = []
    for number, (folder, clock) in enumerate(zip(files, CLOCKS, strict=True)):
        calm = World(root / f"calm-{number}")
        calm.home.mkdir(mode=0o755)
        states.append(undisturbed(calm, folder, clock))
        calm.dispose()
        print(f"undisturbed, as of {clock}: {sum(n for n, _ in states[-1].contents.values())} rows")
    world = World(root / "struck")
    measure(world, states[0])
    seconds = measure(world, states[1])
    print("seconds undisturbed:", {name: round(value, 1) for name, value in seconds.items()})
    return Campaign(world, states, random.Random(arguments.seed), seconds, at=1)


def _run(campaign: Campaign, strikes: list[Strike], arguments: argparse.Namespace) -> None:
    for number in range(arguments.moments):
        strike = strikes[number % len(strikes)]
        command = campaign.chance.choice(strike.commands)
        moment = campaign.strike(strike, command)
        moment.logged = campaign.refresh_log()[0]
        print(_row(moment), flush=True)
        if (number + 1) % arguments.repair_every == 0 or number + 1 == arguments.moments:
            started = time.monotonic()
            campaign.next_runs()
            print(f"    repaired and equal after {time.monotonic() - started:.0f} s", flush=True)


def _run_launched(campaign: Campaign, times: int) -> None:
    for number in range(times):
        with dagster_dev(campaign.world) as server:
            whom = ("run worker", "daemon")[number % 2]
            moment = strike_launched(campaign, server, whom)
        moment.logged = campaign.refresh_log()[0]
        print(_row(moment), flush=True)
        campaign.next_runs()
        print("    repaired and equal", flush=True)


def print_table(campaign: Campaign, seed: int) -> None:
    """Print what was struck when, and how it ended, as Markdown."""
    print(f"\nSeed {seed}; {len(campaign.moments)} moments.\n")
    print("| fault | met | nothing left to meet | repaired by the next run |")
    print("| --- | --- | --- | --- |")
    kinds = Counter((moment.command, moment.strike) for moment in campaign.moments)
    for (command, strike), count in sorted(kinds.items()):
        own = [m for m in campaign.moments if (m.command, m.strike) == (command, strike)]
        missed = sum(m.hit.startswith("nothing") for m in own)
        repaired = sum(m.repaired == "yes" for m in own)
        print(f"| {strike} during {command} | {count - missed} | {missed} | {repaired} |")


def _row(moment: Moment) -> str:
    return (
        f"{moment.number:4} {moment.strike:<16} {moment.command:<8} after"
        f" {moment.after_seconds:5.1f} s: hit {moment.hit}; ended {moment.ended};"
        f" log: {moment.logged[:150]}"
    )


@contextmanager
def _disk(folder: Path) -> Iterator[bool]:
    """Make a folder, as a file system of its own that is soon full where root may mount one."""
    folder.mkdir(mode=0o755)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_SIZE},mode=755", "tmpfs", str(folder)]
    is_small = (
        sys.platform == "linux"
        and os.geteuid() == 0
        and subprocess.run(mount, check=False, capture_output=True).returncode == 0
    )
    try:
        yield is_small
    finally:
        if is_small:
            subprocess.run(["umount", str(folder)], check=True)


if __name__ == "__main__":
    main()
