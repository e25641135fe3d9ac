"""The benchmark's own warehouse: its server, its memory, and running `chairside` on it.

Put here the home folder and processes. Do not put here what is measured (meters.py).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

from orchestration.postgres.server import DatabaseUrls, ensure_running
from orchestration.postgres.tuning import GIGABYTE, read_machine, server_settings
from orchestration.settings import Settings

CHAIRSIDE = [sys.executable, "-m", "orchestration.cli.main"]
LOCAL_CONFIGURATION = "postgresql.local.conf"
MEMORY_SETTINGS = ("shared_buffers", "effective_cache_size", "work_mem", "maintenance_work_mem")


@dataclass(frozen=True, slots=True)
class Command:
    """How one command ended."""

    seconds: float
    processor_seconds: float
    peak_memory_bytes: int
    output: str


class CommandFailedError(RuntimeError):
    """A command of the benchmark ended with an error."""


class Warehouse:
    """A CHAIRSIDE_HOME that only the benchmark uses."""

    def __init__(self, settings: Settings, home: Path, memory_gigabytes: float) -> None:
        """Make the folder and size the server; nothing is started yet."""
        home.mkdir(parents=True, exist_ok=True)
        # A server started by root runs as another user, who must be able to enter.
        home.chmod(0o755)
        self.home = home
        self.settings = replace(settings, home=home, exports=home / "exports", database_url=None)
        self.given = _memory_settings(home, memory_gigabytes)
        lines = [f"{name} = '{value}'\n" for name, value in self.given.items()]
        (home / LOCAL_CONFIGURATION).write_text("".join(lines), encoding="utf-8")

    def start(self) -> DatabaseUrls:
        """Return the databases of the running server."""
        return ensure_running(self.settings)

    def run(self, *arguments: str) -> Command:
        """Run `chairside` to its end; raises CommandFailedError with what it said."""
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("CHAIRSIDE_", "DBT_"))
        }
        environment |= {
            "CHAIRSIDE_HOME": str(self.home),
            "CHAIRSIDE_EXPORTS": str(self.settings.exports),
        }
        with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
            started = time.monotonic()
            process = subprocess.Popen(
                [*CHAIRSIDE, *arguments],
                cwd=self.settings.project_root,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            # Unlike wait(), this tells what this one child and its children used.
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            seconds = time.monotonic() - started
            output.seek(0)
            text = output.read()
        if process.returncode:
            raise CommandFailedError(f"chairside {' '.join(arguments)} failed:\n{text[-5000:]}")
        peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        return Command(seconds, usage.ru_utime + usage.ru_stime, peak, text)

    def remove(self) -> None:
        """Stop the server and delete its data and the files."""
        self.run("db", "destroy", "--yes")
        shutil.rmtree(self.home, ignore_errors=True)

    def knows(self, *arguments: str) -> bool:
        """Whether a command names its last argument among its options."""
        return arguments[-1] in self.run(*arguments[:-1], "--help").output


def _memory_settings(home: Path, gigabytes: float) -> dict[str, str]:
    """Return what the embedded server would have where Postgres may use so much memory.

    Its sizes are shares of a machine of which Postgres may use two thirds.
    """
    machine = replace(read_machine(home), memory=int(gigabytes * GIGABYTE * 3 / 2))
    settings = server_settings(machine)
    return {name: settings[name] for name in MEMORY_SETTINGS}
