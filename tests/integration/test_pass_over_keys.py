"""A pass over keys runs the SQL that dbt compiled: it must make and find what dbt itself would."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg2
import pytest

from orchestration.dbt.arguments import common_arguments
from orchestration.dbt.build import build
from orchestration.dbt.compiled import OF_KEYS, CompiledPass, compiled_pass, is_compiled
from orchestration.dbt.compiled_run import run_pass, run_tests
from orchestration.dbt.outcomes import NodeOutcome
from orchestration.dbt.project import Manifest, load_manifest
from orchestration.dbt.runner import DbtRunner

if TYPE_CHECKING:
    from tests.warehouse import Warehouse

# One for each way a test can be written, and what each is found by.
BROKEN = """
    insert into input.input__locations select * from input.input__locations;
    update build.staff set staff_type = 'robot';
    update build.locations set organization_id = organization_id || '?';
    delete from build.calendar where day_of_month = 2;
"""
BROKEN_TABLES = ("input__locations", "staff", "locations", "calendar")
# Until some mart does, they wait for a rebuild.
NO_MART_READS = {
    "input__campaign_sends",
    "input__campaigns",
    "input__expenses",
    "input__marketing_spend",
}
# Of a refresh with 130 models and the tests of them; dbt would open one for every node.
MOST_SESSIONS = 60

CHANGED_ROWS = """
    with load as (
        insert into ops.loads (source_system, path, status, started_at, finished_at, seconds)
        values ('native', 'changed rows', 'succeeded', now(), now(), 0)
        returning load_id
    )
    update raw_native.appointments
    set _load_id = load.load_id, created_at = created_at - interval '1 minute'
    from load
    where (organization_id, appointment_id) in (
        select organization_id, appointment_id from raw_native.appointments limit 5
    )
"""
# So long each row takes to publish, at least.
SLOWER_BY_SECONDS = 0.02
SLOWER = """
    create function public.take_a_while() returns trigger language plpgsql as $$
    begin
        perform pg_sleep(%s);
        return new;
    end
    $$;
    create trigger slower before update on marts.appointments
    for each row execute function public.take_a_while()
"""
LAST_PUBLICATION = """
    select rows_updated, seconds from ops.refresh_steps
    where step_type = 'publish' and step_name = 'marts.appointments'
    order by refresh_id desc limit 1
"""
SESSIONS = "select sessions from pg_stat_database where datname = current_database()"


@pytest.fixture(scope="module")
def sessions(scratch_warehouse: Warehouse) -> int:
    """How many sessions a refresh opened that recomputed a few keys, and left its tables."""
    scratch_warehouse.execute(CHANGED_ROWS)
    scratch_warehouse.execute(SLOWER, (SLOWER_BY_SECONDS,))
    before = scratch_warehouse.rows(SESSIONS)[0]["sessions"]
    assert scratch_warehouse.refresh().succeeded
    assert scratch_warehouse.rows("select 1 from scope.organizations") == []
    assert scratch_warehouse.rows("select 1 from scope.row_versions") != []
    opened: int = scratch_warehouse.rows(SESSIONS)[0]["sessions"] - before
    return opened


@contextmanager
def compiled_by(runner: DbtRunner, warehouse: Warehouse) -> Iterator[tuple[CompiledPass, Manifest]]:
    with warehouse.active() as settings:
        manifest = load_manifest(settings)
        yield compiled_pass(runner.paths, manifest, OF_KEYS, lambda: runner), manifest


def judged(outcomes: Iterable[NodeOutcome]) -> dict[str, tuple[str, int | None]]:
    return {o.unique_id: (o.status, o.failures) for o in outcomes if o.is_test}


def built(outcomes: Iterable[NodeOutcome]) -> dict[str, tuple[str, int | None]]:
    return {o.unique_id: (o.status, o.rows) for o in outcomes if not o.is_test}


def contents(warehouse: Warehouse, compiled: CompiledPass) -> dict[str, list[str]]:
    """Every row of every table that the pass fills, as text and in order."""
    return {
        model.relation: [
            row["text"]
            for row in warehouse.rows(
                f"select t::text as text from {model.relation} as t order by 1"
            )
        ]
        for model in compiled.models
    }


def test_a_pass_over_keys_makes_what_dbt_makes(
    scratch_warehouse: Warehouse, runner: DbtRunner, sessions: int
) -> None:
    assert sessions < MOST_SESSIONS
    with compiled_by(runner, scratch_warehouse) as (compiled, manifest):
        assert is_compiled(runner.paths, OF_KEYS)
        by_dbt = list(build(runner, manifest, options=OF_KEYS))
        made_by_dbt = contents(scratch_warehouse, compiled)
        by_pass = list(run_pass(scratch_warehouse.url, compiled))
    assert contents(scratch_warehouse, compiled) == made_by_dbt
    assert sum(map(len, made_by_dbt.values())) > 0
    unread = built(by_dbt).keys() - built(by_pass).keys()
    assert {i.rpartition(".")[2] for i in unread} == NO_MART_READS
    assert built(by_pass) == {i: n for i, n in built(by_dbt).items() if i not in unread}
    assert judged(by_pass).items() <= judged(by_dbt).items()
    assert len(judged(by_pass)) > 200


@pytest.mark.usefixtures("sessions")
def test_the_log_tells_how_long_a_table_took_to_publish(scratch_warehouse: Warehouse) -> None:
    (published,) = scratch_warehouse.rows(LAST_PUBLICATION)
    assert published["rows_updated"] > 0
    assert published["seconds"] >= published["rows_updated"] * SLOWER_BY_SECONDS


@pytest.mark.usefixtures("sessions")
def test_a_changed_project_is_compiled_anew(
    scratch_warehouse: Warehouse, runner: DbtRunner
) -> None:
    with compiled_by(runner, scratch_warehouse) as (compiled, manifest):
        kept = runner.paths.target.parent / "pass_over_keys.json"
        kept.write_text(kept.read_text().replace(compiled.fingerprint, "of older files"))
        assert not is_compiled(runner.paths, OF_KEYS)
        assert compiled_pass(runner.paths, manifest, OF_KEYS, lambda: runner) == compiled
        kept.write_text("{}")
        assert not is_compiled(runner.paths, OF_KEYS), "what another version wrote is not read"


@pytest.mark.usefixtures("sessions")
def test_tests_made_at_once_find_what_dbt_finds_one_by_one(
    scratch_warehouse: Warehouse, runner: DbtRunner
) -> None:
    with compiled_by(runner, scratch_warehouse) as (compiled, _):
        dbt_test = ["test", "--exclude-resource-type", "unit_test", "--select", *BROKEN_TABLES]
        dbt_test += common_arguments(runner.paths)
        sound = judged(run_tests(scratch_warehouse.url, compiled.tests))
        scratch_warehouse.execute(BROKEN)
        broken = judged(run_tests(scratch_warehouse.url, compiled.tests))
        one_by_one = judged(runner.stream(dbt_test, OF_KEYS.variables))

    assert {status for status, _ in sound.values()} == {"pass"}
    failed = {unique_id for unique_id, (status, _) in broken.items() if status == "fail"}
    assert failed <= one_by_one.keys()
    made_by_both = broken.keys() & one_by_one.keys()
    assert {i: broken[i] for i in made_by_both} == {i: one_by_one[i] for i in made_by_both}
    for kind in ("unique_key_input__locations", "accepted_values_staff", "foreign_key", "assert_"):
        assert any(kind in unique_id for unique_id in failed), kind


@pytest.mark.usefixtures("sessions")
def test_what_cannot_be_run_is_named_by_dbt(
    scratch_warehouse: Warehouse, runner: DbtRunner
) -> None:
    # A table that nearly all others are made of, so that dbt does not get far.
    scratch_warehouse.execute("alter table input.input__locations drop column currency")
    with (
        compiled_by(runner, scratch_warehouse) as (compiled, _),
        pytest.raises(psycopg2.errors.UndefinedColumn),
    ):
        list(run_pass(scratch_warehouse.url, compiled))

    scratch_warehouse.execute(CHANGED_ROWS)
    result = scratch_warehouse.refresh()

    assert not result.succeeded
    assert "1 model(s) or seed(s) failed: input__locations" in (result.error or "")
    assert '"currency" of relation "input__locations"' in (result.error or "")
