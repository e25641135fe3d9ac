"""One build of the project: all outcomes, with one more try for what failed in passing.

Put here the order of tries. Do not put here what is transient (failures.py) or Dagster.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from orchestration.dbt.arguments import GIVEN_MODELS, build_arguments
from orchestration.dbt.failures import is_transient, is_transient_text
from orchestration.dbt.outcomes import NodeOutcome
from orchestration.dbt.process import DbtProcess
from orchestration.dbt.project import Manifest
from orchestration.dbt.runner import RECOMPUTES, DbtFailedError, DbtRunner
from orchestration.progress import Progress, report

Dbt = DbtRunner | DbtProcess
BUILT_TYPES = ("seed", "model", "snapshot", "test")
STAGE = "build"


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """What of the project is built, and how. Alone, it is everything, from nothing."""

    # Leaves out seeds and staging views, which are there.
    recomputed_only: bool = False
    # Makes tables anew, instead of filling those that are there.
    recreate: bool = True
    # What the scope holds: organizations that are rebuilt whole, or keys of others.
    rebuilds_organizations: bool = True

    @property
    def variables(self) -> dict[str, str]:
        """The environment that tells the project's macros what is recomputed."""
        return {RECOMPUTES: "organizations" if self.rebuilds_organizations else "keys"}


FROM_NOTHING = BuildOptions()


def build(
    runner: Dbt,
    manifest: Manifest,
    selected: Sequence[str] | None = None,
    options: BuildOptions = FROM_NOTHING,
) -> Iterator[NodeOutcome]:
    """Build the nodes with these unique ids (all of them for None) and yield every outcome once.

    Where nothing but passing failures stood in the way, what failed or was skipped is tried once
    more. A failed test or a wrong statement is final. Raises DbtFailedError.
    """
    total = len(selected) if selected is not None else len(buildable(manifest, options))
    done = 0
    for outcome in _with_one_retry(runner, manifest, selected, options):
        if outcome.resource_type in BUILT_TYPES:
            done += 1
            report(Progress(STAGE, done, total))
            yield outcome


def _with_one_retry(
    runner: Dbt, manifest: Manifest, selected: Sequence[str] | None, options: BuildOptions
) -> Iterator[NodeOutcome]:
    unfinished: list[NodeOutcome] = []
    try:
        for outcome in runner.stream(
            _arguments(runner, manifest, selected, options), options.variables
        ):
            if outcome.failed or outcome.skipped:
                unfinished.append(outcome)
            else:
                yield outcome
    except DbtFailedError as error:
        if not is_transient(error):
            raise
        # It did not get as far as its nodes, or lost its way among them: all are tried again.
        yield from runner.stream(_arguments(runner, manifest, selected, options), options.variables)
        return
    if not may_retry(unfinished):
        yield from unfinished
        return
    again = [outcome.unique_id for outcome in unfinished]
    yield from runner.stream(_arguments(runner, manifest, again, options), options.variables)


def may_retry(unfinished: Sequence[NodeOutcome]) -> bool:
    """Tell whether every failure among the outcomes is a passing one, and there is one at all."""
    failed = [outcome for outcome in unfinished if outcome.failed]
    return bool(failed) and all(is_transient_text(outcome.message) for outcome in failed)


def _arguments(
    runner: Dbt, manifest: Manifest, selected: Sequence[str] | None, options: BuildOptions
) -> list[str]:
    names = None if selected is None else [_selector(manifest, i) for i in selected]
    return build_arguments(
        runner.paths,
        names,
        recomputed_only=options.recomputed_only,
        full_refresh=options.recreate,
    )


def _selector(manifest: Manifest, unique_id: str) -> str:
    """Return the selector that matches one node only."""
    return "fqn:" + ".".join(manifest["nodes"][unique_id]["fqn"])


def buildable(manifest: Manifest, options: BuildOptions) -> list[str]:
    """Return the unique ids of all that a build of everything builds and tests."""
    nodes = manifest["nodes"]
    return [
        i
        for i, node in nodes.items()
        if node["resource_type"] in BUILT_TYPES
        and not (options.recomputed_only and _is_given(node, nodes))
    ]


def _is_given(node: dict[str, Any], nodes: dict[str, Any]) -> bool:
    """Whether a node changes with the project alone, or is a test of nothing else."""
    if node["resource_type"] == "test":
        tested = [nodes[i] for i in node["depends_on"]["nodes"] if i in nodes]
        return all(_is_given(other, nodes) for other in tested)
    is_of_project = node["resource_type"] == "seed" or "staging" in node["fqn"]
    return is_of_project or node["name"] in GIVEN_MODELS
