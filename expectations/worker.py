"""Great Expectations in a process of its own, started before anything needs it, or on demand.

Put here both ends of the line to that process. Do not put here rules (suites/) or Dagster's events
(orchestration/checks/). Importing Great Expectations takes as long as importing Dagster and dbt
together; beside them, on another core, it takes no time from a refresh.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from orchestration.errors import ChairsideError
from orchestration.line_process import LineProcess, ProcessEndedError

if TYPE_CHECKING:
    from expectations.outcomes import CheckOutcome
    from expectations.runner import Pages, WritePages

# Without it Great Expectations is imported when there is something to judge, if ever.
IMPORT = "--import"
_prepared: ContextVar[ChecksWorker | None] = ContextVar("prepared_checks_worker", default=None)


class ChecksFailedError(ChairsideError):
    """The checks could not be made, which is another thing than data that fails them."""


class ChecksWorker:
    """The process; it ends when this object is closed, and also when this process dies.

    It is started by the first question, unless `start` did so.
    """

    def __init__(self) -> None:
        """Start nothing yet."""
        self._line = LineProcess(__name__)
        self._is_writing = False

    def start(self, *options: str) -> None:
        """Start the process and do not wait for it; with IMPORT it begins to import at once."""
        self._line.start(*options)

    def validate_raw(self, url: str, refresh_id: int, whole: bool = False) -> list[CheckOutcome]:
        """Judge what loads brought, or whole raw tables.

        Raises ChecksFailedError when they could not be judged.
        """
        return self._ask("raw", url, refresh_id, whole=whole)

    def validate_marts(self, url: str, schema: str, refresh_id: int) -> list[CheckOutcome]:
        """Judge the marts in a schema; raises ChecksFailedError when they could not be judged."""
        return self._ask("marts", url, refresh_id, schema=schema)

    def validate_public(self, url: str, refresh_id: int) -> list[CheckOutcome]:
        """Judge the whole public marts; raises ChecksFailedError when they could not be."""
        return self._ask("public", url, refresh_id)

    def wait_for_pages(self) -> None:
        """Wait until the pages of the last answer are written.

        Raises ProcessEndedError where they could not be.
        """
        if self._is_writing:
            self._is_writing = False
            self._line.answer()

    def close(self) -> None:
        """End the process when its pages are written, by force if it does not listen."""
        # A process that broke down has said so on standard error, and its outcomes are known.
        with suppress(ProcessEndedError):
            self.wait_for_pages()
        self._line.close()

    def _ask(self, stage: str, url: str, refresh_id: int, **options: object) -> list[CheckOutcome]:
        from expectations.outcomes import CheckOutcome

        question = {"stage": stage, "url": url, "refresh_id": refresh_id, "options": options}
        try:
            self.wait_for_pages()
            self._line.ask(question)
            answer = self._line.answer()
        except ProcessEndedError as error:
            raise ChecksFailedError(
                f"The process of Great Expectations {error}.",
                "What it wrote to standard error says why.",
            ) from error
        if "error" in answer:
            raise ChecksFailedError(answer["error"], answer["hint"])
        self._is_writing = True
        return [CheckOutcome(**outcome) for outcome in answer["outcomes"]]


@contextmanager
def prepared_worker(start_now: bool = False) -> Iterator[ChecksWorker]:
    """Give the refresh that the block runs a worker: one that starts now is ready when asked.

    A block within another uses the other's.
    """
    if (prepared := _prepared.get()) is not None:
        yield prepared
        return
    worker = ChecksWorker()
    if start_now:
        worker.start(IMPORT)
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
    """Answer each line of standard input with outcomes, and tell when their pages are written."""
    # Whatever else is printed must not mix with the answers.
    answers, sys.stdout = sys.stdout, sys.stderr
    if IMPORT in sys.argv:
        import great_expectations  # noqa: F401 (now, so that no question waits for it)

    for line in sys.stdin:
        pages: list[Pages] = []
        answer = _answer(json.loads(line), pages.append)
        print(json.dumps(answer), file=answers, flush=True)
        if "error" not in answer:
            # The refresh goes on meanwhile.
            for write in pages:
                write()
            print(json.dumps({"pages": len(pages)}), file=answers, flush=True)


def _answer(request: dict[str, Any], write_pages: WritePages) -> dict[str, Any]:
    from expectations.runner import validate_marts, validate_public, validate_raw

    stages: dict[str, Callable[..., list[CheckOutcome]]] = {
        "raw": validate_raw,
        "marts": validate_marts,
        "public": validate_public,
    }
    judge, refresh_id = stages[request["stage"]], request["refresh_id"]
    try:
        outcomes = judge(
            request["url"], refresh_id=refresh_id, write_pages=write_pages, **request["options"]
        )
    except Exception as error:  # noqa: BLE001 (it is raised again at the other end)
        hint = error.hint if isinstance(error, ChairsideError) else ""
        return {
            "error": str(getattr(error, "message", error)) or type(error).__name__,
            "hint": hint,
        }
    return {"outcomes": [asdict(outcome) for outcome in outcomes]}


if __name__ == "__main__":
    main()
