"""Runs of dbt in this process: one parse, then any number of commands on the same manifest.

Put here invoking dbt and turning its events into outcomes as they come. Do not put here argument
lists (arguments.py) or what outcomes mean to a refresh. Importing this module does not import dbt.
"""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from orchestration.dbt.arguments import parse_arguments
from orchestration.dbt.outcomes import NODE_FINISHED, NodeOutcome, outcome_from_event
from orchestration.dbt.project import DbtPaths
from orchestration.errors import ChairsideError

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult

# Tells the project's macros that whoever runs dbt opens, publishes and closes the refresh.
DEFERRED = {"CHAIRSIDE_PUBLISH": "deferred"}
# Tells them whether `organizations` or `keys` are recomputed, which each would else ask Postgres.
RECOMPUTES = "CHAIRSIDE_RECOMPUTES"


class DbtFailedError(ChairsideError):
    """dbt ended without having run what it was asked to, for a reason that no node tells."""


class DbtRunner:
    """dbt with its manifest kept, so that only the first command parses."""

    def __init__(self, paths: DbtPaths) -> None:
        """Remember the folders; nothing is imported or read before the first command."""
        self.paths = paths
        self._manifest: Any = None

    def parse(self, *, write: bool = False) -> None:
        """Read the project (only what changed since the last time); raises DbtFailedError."""
        result = self._invoke(parse_arguments(self.paths, write=write), None)
        if not result.success:
            raise DbtFailedError(
                f"dbt cannot parse the project: {_explain(result)}",
                "Correct the file it names; `chairside dbt parse` shows the same message.",
            )
        self._manifest = result.result

    def run(self, arguments: Sequence[str], variables: Mapping[str, str] | None = None) -> None:
        """Run a command, with environment variables, to its end.

        Raises DbtFailedError with dbt's message when it fails.
        """
        self._ensure_parsed()
        errors: list[str] = []
        result = self._invoke(list(arguments), None, errors, variables)
        if not result.success:
            reason = "; ".join(errors) or _explain(result)
            raise DbtFailedError(f"`dbt {arguments[0]}` failed: {reason}")

    def stream(
        self, arguments: Sequence[str], variables: Mapping[str, str] | None = None
    ) -> Iterator[NodeOutcome]:
        """Run a command with environment variables; yield each node's outcome when it is known.

        dbt works in a thread of its own while the caller deals with outcomes. Raises
        DbtFailedError after the last outcome when dbt failed without a node being to blame.
        """
        self._ensure_parsed()
        outcomes: queue.SimpleQueue[NodeOutcome | None] = queue.SimpleQueue()
        ended: list[dbtRunnerResult | BaseException] = []

        def work() -> None:
            try:
                ended.append(self._invoke(list(arguments), outcomes, None, variables))
            except BaseException as error:  # noqa: BLE001 (raised again in the caller's thread)
                ended.append(error)
            finally:
                outcomes.put(None)

        threading.Thread(target=work, name="dbt", daemon=True).start()
        blamed = False
        while (outcome := outcomes.get()) is not None:
            blamed = blamed or outcome.failed
            yield outcome
        _raise_unexplained(ended[0], arguments[0], blamed)

    def _ensure_parsed(self) -> None:
        if self._manifest is None:
            self.parse()

    def _invoke(
        self,
        arguments: list[str],
        outcomes: queue.SimpleQueue[NodeOutcome | None] | None,
        errors: list[str] | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> dbtRunnerResult:
        from dbt.cli.main import dbtRunner

        from orchestration.dbt.connections import keep_connections

        keep_connections()
        callbacks = [] if outcomes is None else [_forward_to(outcomes)]
        if errors is not None:
            callbacks.append(_collect_into(errors))
        with _environment(DEFERRED | dict(variables or {})):
            return dbtRunner(manifest=self._manifest, callbacks=callbacks).invoke(arguments)


def _forward_to(outcomes: queue.SimpleQueue[NodeOutcome | None]) -> Any:
    from google.protobuf.json_format import MessageToDict  # type: ignore[import-untyped]

    def forward(event: Any) -> None:
        if event.info.name == NODE_FINISHED:
            fields = MessageToDict(event, preserving_proto_field_name=True)
            outcomes.put(outcome_from_event(fields))

    return forward


def _collect_into(errors: list[str]) -> Any:
    """Keep what dbt says at level error: a macro's failure is told there and in no result."""

    def collect(event: Any) -> None:
        if event.info.level == "error" and event.info.msg.strip():
            errors.append(event.info.msg.strip())

    return collect


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables while the block runs."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _raise_unexplained(ended: Any, command: str, blamed: bool) -> None:
    if isinstance(ended, BaseException):
        raise ended
    if not ended.success and not blamed:
        raise DbtFailedError(f"`dbt {command}` failed: {_explain(ended)}")


def _explain(result: dbtRunnerResult) -> str:
    if result.exception is not None:
        return str(result.exception).strip()
    failed = [r for r in getattr(result.result, "results", []) if r.status in ("error", "fail")]
    return "; ".join(str(r.message) for r in failed) or "dbt gave no reason"
