"""Refreshes that Dagster's daemon starts, as schedules do, and the killing of their processes.

Put here what needs a running `chairside dagster dev`. Do not put here faults of commands that a
person starts (strikes.py).
"""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from tests.faults.campaign import ENDED, Campaign, Moment
from tests.faults.world import World

UI = "dev.txt"
LAUNCH = ("dagster", "run", "job", "launch", "-j", "refresh", "-m", "orchestration.definitions")
# A child that every refresh has; dbt is one only of those that compile or rebuild.
CHECKS = "expectations.worker"
WAIT_SECONDS = 600
POLL_SECONDS = 0.5


@contextmanager
def dagster_dev(world: World) -> Iterator[subprocess.Popen[str]]:
    """Run the UI, the daemon and the code server; all of them end with the block."""
    server = world.start("dagster", "dev", "--port", str(_free_port()), to=UI)
    try:
        yield server
    finally:
        # They share a session of their own, so this reaches every one of them.
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def strike_launched(campaign: Campaign, server: subprocess.Popen[str], whom: str) -> Moment:
    """Have the daemon launch a refresh, and kill its worker, or the daemon, at some moment."""
    world = campaign.world
    campaign.at = 1 - campaign.at
    state = campaign.states[campaign.at]
    config = {"resources": {"refresh": {"config": {"as_of": state.as_of}}}}
    moment = Moment(
        f"kill the {whom}",
        "launched",
        # It has less to start than the command.
        campaign.chance.uniform(0, campaign.seconds["refresh"] / 4),
        len(campaign.moments) + 1,
    )
    campaign.moments.append(moment)
    before = _refreshes(world)
    world.run(*LAUNCH, "-c", _written(world, config))
    worker = _worker(server)
    time.sleep(moment.after_seconds)
    victim = worker if whom == "run worker" else _daemon(server, campaign.chance)
    if worker.is_running():
        victim.kill()
        moment.hit = f"the {whom}"
    else:
        moment.hit = ENDED
    psutil.wait_procs([worker], timeout=WAIT_SECONDS)
    moment.ended = "killed" if whom == "run worker" else f"{_refreshes(world) - before} refreshes"
    return moment


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _written(world: World, config: dict) -> str:
    file = world.home / "run.yaml"
    file.write_text(json.dumps(config), encoding="utf-8")
    return str(file)


def _refreshes(world: World) -> int:
    return int(world.rows("select count(*) as refreshes from ops.refreshes")[0]["refreshes"])


def _worker(server: subprocess.Popen[str]) -> psutil.Process:
    """Wait for the process in which the run works: the one whose child makes the checks."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        for process in psutil.Process(server.pid).children(recursive=True):
            try:
                if CHECKS in process.cmdline():
                    return process.parent()
            except psutil.Error:
                continue
        time.sleep(POLL_SECONDS)
    raise AssertionError("the daemon launched no refresh")


def _daemon(server: subprocess.Popen[str], chance: random.Random) -> psutil.Process:
    found = [
        process
        for process in psutil.Process(server.pid).children(recursive=True)
        if "dagster._daemon" in " ".join(process.cmdline())
    ]
    assert found, "no daemon runs"
    return chance.choice(found)
