"""Every list of arguments that dbt is given."""

from __future__ import annotations

from pathlib import Path

from orchestration.dbt.arguments import (
    build_arguments,
    compile_arguments,
    parse_arguments,
    publish_arguments,
)
from orchestration.dbt.project import DbtPaths

PATHS = DbtPaths(Path("/p"), Path("/seeds"), Path("/t"), Path("/l"))
FOLDERS = ["--project-dir", "/p", "--profiles-dir", "/p", "--target-path", "/t", "--log-path", "/l"]


def contains(arguments: list[str], part: list[str]) -> bool:
    return any(arguments[i : i + len(part)] == part for i in range(len(arguments)))


def test_a_build_of_everything_selects_nothing_and_leaves_unit_tests_out() -> None:
    arguments = build_arguments(PATHS)
    assert arguments[0] == "build"
    assert "--select" not in arguments
    assert contains(arguments, ["--exclude-resource-type", "unit_test"])
    assert contains(arguments, FOLDERS)


def test_a_build_of_some_nodes_builds_no_test_that_was_not_named() -> None:
    # dbt's default would run every test of a named model, which Dagster did not ask for.
    arguments = build_arguments(PATHS, ["fqn:a.b", "fqn:a.c"])
    assert contains(arguments, ["--indirect-selection", "empty", "--select", "fqn:a.b", "fqn:a.c"])


def test_an_empty_selection_is_not_taken_for_everything() -> None:
    assert "--select" in build_arguments(PATHS, [])


def test_full_refresh_is_asked_for_only_when_wanted() -> None:
    assert "--full-refresh" in build_arguments(PATHS, full_refresh=True)
    assert "--full-refresh" not in build_arguments(PATHS)


def test_no_invocation_passes_vars_since_those_throw_the_partial_parse_away() -> None:
    every = [
        build_arguments(PATHS),
        parse_arguments(PATHS, write=True),
        publish_arguments(PATHS),
    ]
    assert not any("--vars" in arguments for arguments in every)


def test_the_manifest_is_written_by_a_parse_that_should_and_by_no_build() -> None:
    assert "--write-json" in parse_arguments(PATHS, write=True)
    assert "--no-write-json" in parse_arguments(PATHS, write=False)
    assert "--no-write-json" in build_arguments(PATHS)


def test_compiling_writes_to_a_folder_of_its_own() -> None:
    arguments = compile_arguments(PATHS, Path("/a"))
    assert arguments[:2] == ["compile", "--write-json"]
    assert contains(arguments, ["--target-path", "/a"])


def test_publishing_is_one_macro() -> None:
    assert publish_arguments(PATHS)[:2] == ["run-operation", "publish_marts"]


def test_telemetry_and_version_checks_are_off_everywhere() -> None:
    for arguments in (build_arguments(PATHS), publish_arguments(PATHS)):
        assert "--no-send-anonymous-usage-stats" in arguments
        assert "--no-version-check" in arguments
