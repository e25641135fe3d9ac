"""A module of ours in a process of its own, which is asked and answers in lines of JSON.

Put here starting, asking and ending it. Do not put here what is asked (dbt/process.py,
expectations/worker.py).
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from typing import Any

CLOSING_SECONDS = 10

Message = dict[str, Any]


class ProcessEndedError(Exception):
    """The process is gone and answers no more; says its exit code."""


class LineProcess:
    """The process; the first question starts it, unless `start` did so, and `close` ends it."""

    def __init__(self, module: str) -> None:
        """Name the module, whose main function answers until standard input ends."""
        self._module = module
        self._process: subprocess.Popen[str] | None = None

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start the process if it does not run, and do not wait for it."""
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", self._module, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        return self._process

    def ask(self, question: Message) -> None:
        """Send a question, on standard input and not as an argument: it may hold a password."""
        with suppress(BrokenPipeError):
            print(json.dumps(question), file=self.start().stdin, flush=True)

    def answer(self) -> Message:
        """Wait for the next line of an answer; raises ProcessEndedError when none can come."""
        process = self.start()
        line = process.stdout.readline()  # type: ignore[union-attr]
        if not line:
            raise ProcessEndedError(f"ended with code {process.wait()}")
        message: Message = json.loads(line)
        return message

    def close(self) -> None:
        """End the process, also in the middle of an answer, and by force if it does not listen."""
        if self._process is None:
            return
        with suppress(OSError):
            self._process.stdin.close()  # type: ignore[union-attr]
        try:
            self._process.wait(CLOSING_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
