"""One build of the project: all outcomes, with one more try for what failed in passing.

Put here the order of tries. Do not put here what is transient (failures.py) or Dagster.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orchestration.dbt.arguments import build_arguments
from orchestration.dbt.failures import is_transient, is_transient_text
from orchestration.dbt.outcomes import NodeOutcome
from orchestration.dbt.process import DbtProcess
from orchestration.dbt.project import Manifest
from orchestration.dbt.runner import DbtFailedError, DbtRunner
from orchestration.progress import Progress, report

Dbt = DbtRunner | DbtProcess
BUILT_TYPES = ("seed", "model", "snapshot", "test")
STAGE = "build"


def build(
    runner: Dbt, manifest: Manifest, selected: Sequence[str] | None = None
) -> Iterator[NodeOutcome]:
    """Build the nodes with these unique ids (all of them for None) and yield every outcome once.

    Where nothing but passing failures stood in the way, what failed or was skipped is tried once
    more. A failed test or a wrong statement is final. Raises DbtFailedError.
    """
    total = len(selected) if selected is not None else len(_buildable(manifest))
    done = 0
    for outcome in _with_one_retry(runner, manifest, selected):
        if outcome.resource_type in BUILT_TYPES:
            done += 1
            report(Progress(STAGE, done, total))
            yield outcome


def _with_one_retry(
    runner: Dbt, manifest: Manifest, selected: Sequence[str] | None
) -> Iterator[NodeOutcome]:
    unfinished: list[NodeOutcome] = []
    try:
        for outcome in runner.stream(_arguments(runner, manifest, selected)):
            if outcome.failed or outcome.skipped:
                unfinished.append(outcome)
            else:
                yield outcome
    except DbtFailedError as error:
        if not is_transient(error):
            raise
        # It did not get as far as its nodes, or lost its way among them: all are tried again.
        yield from runner.stream(_arguments(runner, manifest, selected))
        return
    if not may_retry(unfinished):
        yield from unfinished
        return
    again = [outcome.unique_id for outcome in unfinished]
    yield from runner.stream(_arguments(runner, manifest, again))


def may_retry(unfinished: Sequence[NodeOutcome]) -> bool:
    """Tell whether every failure among the outcomes is a passing one, and there is one at all."""
    failed = [outcome for outcome in unfinished if outcome.failed]
    return bool(failed) and all(is_transient_text(outcome.message) for outcome in failed)


def _arguments(runner: Dbt, manifest: Manifest, selected: Sequence[str] | None) -> list[str]:
    names = None if selected is None else [_selector(manifest, i) for i in selected]
    return build_arguments(runner.paths, names, quiet=True)


def _selector(manifest: Manifest, unique_id: str) -> str:
    """Return the selector that matches one node only."""
    return "fqn:" + ".".join(manifest["nodes"][unique_id]["fqn"])


def _buildable(manifest: Manifest) -> list[str]:
    return [i for i, node in manifest["nodes"].items() if node["resource_type"] in BUILT_TYPES]
