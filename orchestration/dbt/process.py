"""dbt in a process of its own, started before anything needs it and beside what Dagster does.

Put here both ends of the line to that process. Do not put here how dbt is invoked (runner.py).
Dagster writes a thousand events while dbt builds: in one process they would wait for each other.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from orchestration.dbt.outcomes import NodeOutcome, outcome_from_json, outcome_to_json
from orchestration.dbt.project import (
    DbtPaths,
    is_manifest_stale,
    make_manifest,
    manifest_lock,
)
from orchestration.dbt.runner import DbtFailedError, DbtRunner
from orchestration.errors import ChairsideError
from orchestration.line_process import LineProcess, Message, ProcessEndedError

_prepared: ContextVar[DbtProcess | None] = ContextVar("prepared_dbt_process", default=None)


class DbtProcess:
    """The same commands as DbtRunner's; the process ends when this is closed or its parent dies."""

    def __init__(self, paths: DbtPaths) -> None:
        """Remember the folders; the process starts with the first command, or with `start`."""
        self.paths = paths
        self._line = LineProcess(__name__)

    def start(self) -> subprocess.Popen[str]:
        """Start the process, which imports dbt and parses at once, and do not wait for it."""
        paths = self.paths
        return self._line.start(*map(str, (paths.project, paths.seeds, paths.target, paths.logs)))

    def run(self, arguments: Sequence[str], variables: Mapping[str, str] | None = None) -> None:
        """Run a command to its end; raises DbtFailedError with dbt's message when it fails."""
        for _ in self._ask("run", arguments, variables):
            raise DbtFailedError(f"`dbt {arguments[0]}` told of nodes and should not.")

    def stream(
        self, arguments: Sequence[str], variables: Mapping[str, str] | None = None
    ) -> Iterator[NodeOutcome]:
        """Run a command and yield each node's outcome when it is known, as DbtRunner.stream."""
        for message in self._ask("stream", arguments, variables):
            yield outcome_from_json(message["outcome"])

    def close(self) -> None:
        """End the process, also in the middle of a command."""
        self._line.close()

    def _ask(
        self, command: str, arguments: Sequence[str], variables: Mapping[str, str] | None
    ) -> Iterator[Message]:
        self.start()
        self._line.ask(
            {"command": command, "arguments": list(arguments), "variables": dict(variables or {})}
        )
        try:
            while "ended" not in (message := self._line.answer()):
                yield message
        except ProcessEndedError as error:
            raise DbtFailedError(f"The process of dbt {error}.") from error
        if message["error"] is not None:
            raise DbtFailedError(message["error"], message["hint"])


@contextmanager
def prepared_dbt(paths: DbtPaths) -> Iterator[DbtProcess]:
    """Start a process for the refresh that the block runs; it is ready before it is asked.

    A block within another uses the other's.
    """
    if (prepared := _prepared.get()) is not None:
        yield prepared
        return
    with _closed_at_the_end(DbtProcess(paths)) as process:
        process.start()
        token = _prepared.set(process)
        try:
            yield process
        finally:
            _prepared.reset(token)


@contextmanager
def dbt_process(paths: DbtPaths) -> Iterator[DbtProcess]:
    """Give the prepared process, or one that starts when it is asked and ends with the block."""
    prepared = _prepared.get()
    if prepared is not None:
        yield prepared
        return
    with _closed_at_the_end(DbtProcess(paths)) as process:
        yield process


@contextmanager
def _closed_at_the_end(process: DbtProcess) -> Iterator[DbtProcess]:
    try:
        yield process
    finally:
        process.close()


def main() -> None:
    """Answer questions on standard input until it ends, and then end at once."""
    answers, sys.stdout = sys.stdout, sys.stderr
    questions: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    at_work = threading.Event()
    threading.Thread(target=_read_questions, args=(questions, at_work), daemon=True).start()
    runner = DbtRunner(DbtPaths(*map(Path, sys.argv[1:])))
    problem = _parse(runner)
    while (question := questions.get()) is not None:
        for message in _answer(runner, json.loads(question), problem):
            print(json.dumps(message), file=answers, flush=True)
        at_work.clear()


def _read_questions(questions: queue.SimpleQueue[str | None], at_work: threading.Event) -> None:
    for line in sys.stdin:
        at_work.set()
        questions.put(line)
    questions.put(None)
    if at_work.is_set():
        # A parent that is killed must not leave a dbt behind that goes on building.
        os._exit(1)


def _parse(runner: DbtRunner) -> ChairsideError | None:
    try:
        # Dagster's definitions need the manifest, and their process then need not import dbt.
        with manifest_lock(runner.paths):
            if is_manifest_stale(runner.paths):
                make_manifest(runner)
            else:
                runner.parse()
    except ChairsideError as error:
        return error
    return None


def _answer(
    runner: DbtRunner, question: Message, problem: ChairsideError | None
) -> Iterator[Message]:
    try:
        if problem is not None:
            raise problem
        if question["command"] == "run":
            runner.run(question["arguments"], question["variables"])
        else:
            for outcome in runner.stream(question["arguments"], question["variables"]):
                yield {"outcome": outcome_to_json(outcome)}
    except Exception as error:  # noqa: BLE001 (it is raised again at the other end)
        hint = error.hint if isinstance(error, ChairsideError) else ""
        yield {"ended": True, "error": str(getattr(error, "message", error)), "hint": hint}
    else:
        yield {"ended": True, "error": None, "hint": ""}


if __name__ == "__main__":
    main()
