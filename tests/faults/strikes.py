"""What can go wrong from outside: killed processes, killed servers, cut connections, full disks.

Put here one function for each, which strikes once and says what it hit. Do not put here when
(campaign.py).
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import psutil
import psycopg2

from orchestration.errors import ChairsideError
from orchestration.postgres.connection import connect
from orchestration.postgres.provision import embedded_urls
from orchestration.postgres.record import load_record
from tests.faults.world import World

Command = subprocess.Popen[str]
BALLAST = "ballast"
# What is left on a full disk: nothing that a table or the write-ahead log could grow into.
LEFT_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Strike:
    """One kind of fault, and the commands that it can meet."""

    name: str
    commands: tuple[str, ...]
    act: Callable[[World, Command, random.Random], str]
    # A refresh that finds its SQL compiled does without dbt.
    needs_dbt: bool = False


def kill_command(world: World, command: Command, chance: random.Random) -> str:
    """Kill the process that a person or cron started; a refresh is Dagster's run in it."""
    command.send_signal(signal.SIGKILL)
    return "the command"


def kill_dbt(world: World, command: Command, chance: random.Random) -> str:
    """Kill dbt, which works for the refresh in a process of its own."""
    return _kill_child(command, "orchestration.dbt.process")


def kill_checks(world: World, command: Command, chance: random.Random) -> str:
    """Kill Great Expectations, likewise."""
    return _kill_child(command, "expectations.worker")


def kill_backend(world: World, command: Command, chance: random.Random) -> str:
    """Kill one session's process, after which Postgres restarts itself and recovers."""
    sessions = _sessions(world)
    if not sessions:
        return "nothing: no session"
    pid, name = chance.choice(sessions)
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    return f"the backend of {name}"


def kill_postgres(world: World, command: Command, chance: random.Random) -> str:
    """Kill Postgres's main process; its children end when they notice."""
    pid = world.server_pid()
    if pid is None:
        return "nothing: no server"
    os.kill(pid, signal.SIGKILL)
    return "the server"


def cut_connections(world: World, command: Command, chance: random.Random) -> str:
    """End every session of the warehouse and of Dagster, as a restarted network would."""
    sessions = _sessions(world)
    for pid, _ in sessions:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    return f"{len(sessions)} sessions"


def begin_another(world: World, command: Command, chance: random.Random) -> str:
    """Begin the same command a second time; one of them may be told to wait or to come again."""
    other = world.start(*command.args[3:], to="said-by-another.txt")  # type: ignore[index]
    code = other.wait()
    said = world.said("said-by-another.txt")
    assert "Traceback" not in said, said
    assert code == 0 or "still running" in said or "Another export" in said, said
    return "itself, which " + ("did its work" if code == 0 else "was refused")


def fill_disk(world: World, command: Command, chance: random.Random) -> str:
    """Write until nothing fits any more; `free_disk` undoes it."""
    with (world.home / BALLAST).open("ab") as ballast, suppress(OSError):
        size = max(shutil.disk_usage(world.home).free - LEFT_BYTES, 0)
        os.posix_fallocate(ballast.fileno(), 0, size)
    return f"{shutil.disk_usage(world.home).free // 1024} kB left"


def free_disk(world: World) -> None:
    """Give the room back."""
    (world.home / BALLAST).unlink(missing_ok=True)


KILLS = (
    Strike("kill the command", ("load", "refresh", "export"), kill_command),
    Strike("kill dbt", ("refresh",), kill_dbt, needs_dbt=True),
    Strike("kill the checks", ("refresh",), kill_checks),
    Strike("kill a backend", ("load", "refresh", "export"), kill_backend),
    Strike("kill Postgres", ("load", "refresh", "export"), kill_postgres),
    Strike("cut connections", ("load", "refresh", "export"), cut_connections),
    Strike("begin another", ("load", "refresh", "export"), begin_another),
)
FULL_DISK = Strike("fill the disk", ("load", "refresh", "export"), fill_disk)


def _kill_child(command: Command, module: str) -> str:
    with suppress(psutil.Error):
        for child in psutil.Process(command.pid).children(recursive=True):
            if module in child.cmdline():
                child.kill()
                return f"process {module}"
    return f"nothing: no process {module}"


def _sessions(world: World) -> list[tuple[int, str]]:
    """Return the processes of all sessions but this one's; none where nobody answers."""
    record = load_record(world.home)
    if record is None:
        return []
    try:
        with (
            connect(embedded_urls(record).warehouse) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(
                "select pid, coalesce(nullif(application_name, ''), datname)"
                " from pg_catalog.pg_stat_activity"
                " where backend_type = 'client backend' and pid <> pg_backend_pid()"
                " order by backend_start"
            )
            return cursor.fetchall()
    except (ChairsideError, psycopg2.Error):
        return []
