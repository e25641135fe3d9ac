"""Dagster's definitions: they load, and nobody changes what others rely on without noticing."""

from __future__ import annotations

from dataclasses import replace

import dagster as dg
import pytest
from syrupy.assertion import SnapshotAssertion

from orchestration.dbt.compiled import hook_name
from orchestration.dbt.project import load_manifest
from orchestration.definitions import build_definitions
from orchestration.environments import Environment
from orchestration.jobs import NIGHTLY_JOB, REFRESH_JOB, VERIFICATION_JOB
from orchestration.settings import Settings

DBT, PUBLISH = "dbt_build", "publish"
JOBS = (REFRESH_JOB, NIGHTLY_JOB, VERIFICATION_JOB, "export")


def steps_of(definitions: dg.Definitions, job: str) -> list[str]:
    return sorted(node.name for node in definitions.resolve_job_def(job).nodes)


def test_the_definitions_load(definitions: dg.Definitions) -> None:
    dg.Definitions.validate_loadable(definitions)


def test_asset_keys_are_what_they_were(
    definitions: dg.Definitions, snapshot: SnapshotAssertion
) -> None:
    graph = definitions.resolve_asset_graph()
    keys = sorted(key.to_user_string() for key in graph.get_all_asset_keys())
    assert keys == snapshot


def test_jobs_schedules_and_sensors_are_what_they_were(
    definitions: dg.Definitions, snapshot: SnapshotAssertion
) -> None:
    repository = definitions.get_repository_def()
    assert {
        "jobs": sorted(name for name in repository.job_names if not name.startswith("__")),
        "schedules": {s.name: s.cron_schedule for s in repository.schedule_defs},
        "sensors": sorted(sensor.name for sensor in repository.sensor_defs),
        "steps": {job: steps_of(definitions, job) for job in JOBS},
    } == snapshot


def test_checks_are_counted_by_table(
    definitions: dg.Definitions, snapshot: SnapshotAssertion
) -> None:
    # Their names are long and change with every column; their number falls when one is lost.
    counts: dict[str, int] = {}
    for key in definitions.resolve_asset_graph().asset_check_keys:
        table = key.asset_key.to_user_string()
        counts[table] = counts.get(table, 0) + 1
    assert dict(sorted(counts.items())) == snapshot


def test_a_data_test_fails_by_having_rows_and_by_nothing_else(project_settings: Settings) -> None:
    # An hour's pass counts the rows of all data tests at once.
    nodes = load_manifest(project_settings)["nodes"].values()
    tests = [node for node in nodes if node["resource_type"] == "test"]
    assert tests
    judged_otherwise = [
        test["name"]
        for test in tests
        if any(test["config"].get(name) is not None for name in ("where", "limit"))
        or test["config"]["fail_calc"] != "count(*)"
        or {test["config"]["warn_if"], test["config"]["error_if"]} != {"!= 0"}
    ]
    assert judged_otherwise == []


def test_every_hook_of_a_model_is_compiled_for_passes_without_dbt(
    project_settings: Settings,
) -> None:
    nodes = load_manifest(project_settings)["nodes"].values()
    models = [node for node in nodes if node["resource_type"] == "model"]
    written = {
        node["name"]: node["raw_code"] for node in nodes if node["resource_type"] == "analysis"
    }
    hooks = {
        hook_name(model["name"]): hook["sql"]
        for model in models
        for hook in model["config"]["post-hook"]
        if hook["sql"] != "{{ analyze_table() }}"
    }
    assert hooks
    assert hooks.keys() == {name for name in written if name.startswith(hook_name(""))}
    for name, hook in hooks.items():
        macro = hook.strip("{} ").partition("(")[0]
        assert f"{macro}(" in written[name], f"{name} does something else than {hook}"
    assert not any(model["config"]["pre-hook"] for model in models)


def test_every_data_test_of_dbt_is_an_asset_check(
    definitions: dg.Definitions, project_settings: Settings
) -> None:
    # A singular test over several models becomes one only if its meta names one that it reads.
    nodes = load_manifest(project_settings)["nodes"]
    tests = {i for i, node in nodes.items() if node["resource_type"] == "test"}
    graph = definitions.resolve_asset_graph()
    specs = [graph.get_check_spec(key) for key in graph.asset_check_keys]
    checks = {spec.metadata.get("dagster_dbt/unique_id") for spec in specs}
    assert sorted(tests - checks) == []


def test_every_asset_has_an_owner_a_description_a_group_and_a_layer(
    definitions: dg.Definitions,
) -> None:
    graph = definitions.resolve_asset_graph()
    poor = [
        key.to_user_string()
        for key in graph.get_all_asset_keys()
        if not (node := graph.get(key)).owners
        or not (node.description or "").strip()
        or node.group_name == "default"
        or "layer" not in node.tags
    ]
    assert poor == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("raw_native/appointments", "staging/stg_native__appointments"),
        ("staging/stg_native__appointments", "input/input__appointments"),
        ("input/input__appointments", "build/appointments"),
        ("build/appointments", "marts/appointments"),
        ("marts/customer_segments", "exports/segment_vip"),
    ],
)
def test_lineage_goes_from_raw_to_export(
    definitions: dg.Definitions, before: str, after: str
) -> None:
    graph = definitions.resolve_asset_graph()
    seen = set()
    waiting = [dg.AssetKey.from_user_string(after)]
    while waiting:
        key = waiting.pop()
        seen.add(key.to_user_string())
        waiting += [k for k in graph.get(key).parent_keys if k.to_user_string() not in seen]
    assert before in seen


def test_public_tables_have_a_freshness_policy(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    public = [key for key in graph.get_all_asset_keys() if key.path[0] == "marts"]
    assert public
    assert all(graph.get(key).freshness_policy is not None for key in public)


def test_nothing_is_published_before_every_check_of_the_build_has_passed(
    definitions: dg.Definitions,
) -> None:
    job = definitions.resolve_job_def(REFRESH_JOB)
    upstream = {
        dependency.node
        for definition in job.dependencies.get(dg.NodeInvocation(PUBLISH), {}).values()
        for dependency in definition.get_node_dependencies()
    }
    assert {DBT, "check_marts"} <= upstream


def test_the_build_waits_for_the_checks_on_raw_landings(definitions: dg.Definitions) -> None:
    job = definitions.resolve_job_def(REFRESH_JOB)
    upstream = {
        dependency.node
        for definition in job.dependencies[dg.NodeInvocation(DBT)].values()
        for dependency in definition.get_node_dependencies()
    }
    assert upstream == {"check_raw"}


@pytest.mark.parametrize("environment", list(Environment))
def test_schedules_are_registered_where_runs_are_wanted(
    environment: Environment, project_settings: Settings
) -> None:
    definitions = build_definitions(replace(project_settings, environment=environment))
    registered = {s.name for s in definitions.get_repository_def().schedule_defs}
    expected = {"hourly_refresh", "nightly_verification", "daily_export", "daily_retention"}
    assert registered == (set() if environment is Environment.CI else expected)


def test_registered_schedules_and_sensors_run_from_the_start(definitions: dg.Definitions) -> None:
    repository = definitions.get_repository_def()
    assert all(
        schedule.default_status is dg.DefaultScheduleStatus.RUNNING
        for schedule in repository.schedule_defs
    )
    assert all(
        sensor.default_status is dg.DefaultSensorStatus.RUNNING for sensor in repository.sensor_defs
    )
