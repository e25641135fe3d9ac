"""Great Expectations in a process of its own, started before anything needs it.

Put here both ends of the line to that process. Do not put here rules (suites/) or Dagster's events
(orchestration/checks/). Importing Great Expectations takes as long as importing Dagster and dbt
together; beside them, on another core, it takes no time from a refresh.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from orchestration.errors import ChairsideError

if TYPE_CHECKING:
    from expectations.outcomes import CheckOutcome

CLOSING_SECONDS = 10
_prepared: ContextVar[ChecksWorker | None] = ContextVar("prepared_checks_worker", default=None)


class ChecksFailedError(ChairsideError):
    """The checks could not be made, which is another thing than data that fails them."""


class ChecksWorker:
    """The process; it ends when this object is closed, and also when this process dies."""

    def __init__(self) -> None:
        """Start the process, which begins to import at once, and do not wait for it."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def validate_raw(self, url: str, refresh_id: int) -> list[CheckOutcome]:
        """Judge the raw landings; raises ChecksFailedError when they could not be judged."""
        return self._ask({"stage": "raw", "url": url, "refresh_id": refresh_id})

    def validate_marts(self, url: str, schema: str, refresh_id: int) -> list[CheckOutcome]:
        """Judge the marts in a schema; raises ChecksFailedError when they could not be judged."""
        return self._ask({"stage": "marts", "url": url, "schema": schema, "refresh_id": refresh_id})

    def close(self) -> None:
        """End the process, by force if it does not listen."""
        with suppress(OSError):
            self._process.stdin.close()  # type: ignore[union-attr]
        try:
            self._process.wait(CLOSING_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _ask(self, request: dict[str, Any]) -> list[CheckOutcome]:
        from expectations.outcomes import CheckOutcome

        answer = self._exchange(json.dumps(request))
        if "error" in answer:
            raise ChecksFailedError(answer["error"], answer["hint"])
        return [CheckOutcome(**outcome) for outcome in answer["outcomes"]]

    def _exchange(self, line: str) -> dict[str, Any]:
        # Standard input and not an argument: the URL holds a password.
        with suppress(BrokenPipeError):
            print(line, file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()  # type: ignore[union-attr]
        if not answer:
            raise ChecksFailedError(
                f"The process of Great Expectations ended with code {self._process.wait()}.",
                "What it wrote to standard error says why.",
            )
        decoded: dict[str, Any] = json.loads(answer)
        return decoded


@contextmanager
def prepared_worker() -> Iterator[ChecksWorker]:
    """Start a worker for the refresh that the block runs; it is ready before it is asked."""
    worker = ChecksWorker()
    token = _prepared.set(worker)
    try:
        yield worker
    finally:
        _prepared.reset(token)
        worker.close()


@contextmanager
def checks_worker() -> Iterator[ChecksWorker]:
    """Give the prepared worker, or one that lasts as long as the block."""
    prepared = _prepared.get()
    if prepared is not None:
        yield prepared
        return
    with prepared_worker() as worker:
        yield worker


def main() -> None:
    """Answer each line of standard input with one line, until there is no more."""
    # Whatever else is printed must not mix with the answers.
    answers, sys.stdout = sys.stdout, sys.stderr
    import great_expectations  # noqa: F401 (imported now, so that no question waits for it)

    for line in sys.stdin:
        print(json.dumps(_answer(json.loads(line))), file=answers, flush=True)


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    from expectations.runner import validate_marts, validate_raw

    url, refresh_id = request["url"], request["refresh_id"]
    try:
        if request["stage"] == "raw":
            outcomes = validate_raw(url, refresh_id)
        else:
            outcomes = validate_marts(url, request["schema"], refresh_id)
    except Exception as error:  # noqa: BLE001 (it is raised again at the other end)
        hint = error.hint if isinstance(error, ChairsideError) else ""
        return {
            "error": str(getattr(error, "message", error)) or type(error).__name__,
            "hint": hint,
        }
    return {"outcomes": [asdict(outcome) for outcome in outcomes]}


if __name__ == "__main__":
    main()
