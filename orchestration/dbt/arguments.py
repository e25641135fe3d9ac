"""The argument lists that dbt is invoked with: pure functions from what is wanted.

Put here every list of dbt arguments. Do not put here running dbt (runner.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from orchestration.dbt.project import DbtPaths

# Unit tests prove logic and not data: they run in `make test`, not every hour.
EXCLUDED_RESOURCE_TYPES = ("unit_test",)
# dbt keeps the log at work and five former ones.
LOG_BYTES = 5 * 1024 * 1024
# Seeds, staging views and the view of what organizations send change with the project alone.
GIVEN_MODELS = ("input__organization_coverage",)
RECOMPUTED_PATHS = (
    "path:models/input",
    "path:models/intermediate",
    "path:models/marts",
    "path:tests/singular",
)


def common_arguments(paths: DbtPaths) -> list[str]:
    """Return what every invocation shares: the folders and what is logged where."""
    return [
        "--project-dir",
        str(paths.project),
        "--profiles-dir",
        str(paths.project),
        "--target-path",
        str(paths.target),
        "--log-path",
        str(paths.logs),
        "--log-level",
        "none",
        "--log-level-file",
        "info",
        "--log-file-max-bytes",
        str(LOG_BYTES),
        "--no-use-colors",
        "--no-version-check",
        "--no-send-anonymous-usage-stats",
    ]


def parse_arguments(paths: DbtPaths, *, write: bool) -> list[str]:
    """Return the arguments that read the project, and write manifest.json if asked."""
    return ["parse", "--write-json" if write else "--no-write-json", *common_arguments(paths)]


def build_arguments(
    paths: DbtPaths,
    selected: Sequence[str] | None = None,
    *,
    recomputed_only: bool = False,
    full_refresh: bool = False,
) -> list[str]:
    """Return the arguments that build seeds and models and run data tests.

    `selected` names the nodes to build and no others, tests included; None builds everything, or
    with `recomputed_only` what depends on rows and not on definitions alone.
    """
    arguments = ["build", "--no-write-json", "--exclude-resource-type", *EXCLUDED_RESOURCE_TYPES]
    if selected is None and recomputed_only:
        arguments += ["--select", *RECOMPUTED_PATHS, "--exclude", *GIVEN_MODELS]
    if selected is not None:
        # Exactly what is named: dbt would otherwise add the tests of every named model.
        arguments += ["--indirect-selection", "empty", "--select", *selected]
    if full_refresh:
        arguments.append("--full-refresh")
    return arguments + common_arguments(paths)


def compile_arguments(paths: DbtPaths, artefacts: Path) -> list[str]:
    """Return the arguments that compile everything and write run_results.json to a folder."""
    arguments = ["compile", "--write-json", *common_arguments(paths)]
    arguments[arguments.index("--target-path") + 1] = str(artefacts)
    return arguments


def publish_arguments(paths: DbtPaths) -> list[str]:
    """Return the arguments that merge the built tables into the public ones."""
    return ["run-operation", "publish_marts", *common_arguments(paths)]
