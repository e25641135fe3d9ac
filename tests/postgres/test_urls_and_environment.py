"""URLs, settings and the variables that dbt and Dagster read."""

from __future__ import annotations

import logging
import shlex
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.engine import make_url

from orchestration.environments import Environment
from orchestration.errors import InvalidSettingError
from orchestration.postgres.environment import TELEMETRY_OFF, export_environment
from orchestration.postgres.server import DatabaseUrls
from orchestration.postgres.tuning import Machine, render, server_settings
from orchestration.postgres.urls import build_url, describe_url, parse_url, with_parameters
from orchestration.settings import Settings, find_project_root

ROOT = find_project_root(Path(__file__).parent)
# Postgres takes any character but zero; half of a surrogate pair is no character.
ANY_TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1)


@given(user=ANY_TEXT, password=ANY_TEXT, database=ANY_TEXT)
def test_a_url_gives_back_what_it_was_built_from(user: str, password: str, database: str) -> None:
    parts = {
        "user": user,
        "password": password,
        "host": "127.0.0.1",
        "port": "5432",
        "dbname": database,
    }
    url = build_url(parts)
    assert parse_url(url) == parts
    read = make_url(url)
    assert (read.username, read.password) == (user, password)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:p@db.example.com:5432/w?sslmode=require",
        "postgresql://u:p@[::1]:5432/w",
        "postgresql://u:p@/w?host=/run/postgresql&port=5433",
        "postgresql:///w",
    ],
)
def test_replacing_nothing_keeps_the_meaning(url: str) -> None:
    assert parse_url(with_parameters(url)) == parse_url(url)


def test_a_described_url_has_no_password() -> None:
    assert describe_url("postgresql://u:secret@h:5433/w") == "u@h:5433/w"


def test_an_unreadable_url_is_refused_without_showing_it() -> None:
    with pytest.raises(InvalidSettingError) as caught:
        parse_url("postgresql://u:sec%zzret@h/w")
    assert "zzret" not in str(caught.value)


def test_dbt_and_dagster_get_their_variables_and_telemetry_is_off(settings: Settings) -> None:
    urls = DatabaseUrls(
        "postgresql://u:p%40ss@db.example.com:6543/w?sslmode=verify-full", "postgresql://x/d"
    )
    variables = export_environment(urls, settings)
    assert variables == TELEMETRY_OFF | {
        "CHAIRSIDE_HOME": str(settings.home),
        "CHAIRSIDE_PG_HOST": "db.example.com",
        "CHAIRSIDE_PG_PORT": "6543",
        "CHAIRSIDE_PG_USER": "u",
        "CHAIRSIDE_PG_PASSWORD": "p@ss",
        "CHAIRSIDE_PG_DATABASE": "w",
        "CHAIRSIDE_DAGSTER_PG_URL": "postgresql://x/d?options=-c%20synchronous_commit%3Doff",
        "DAGSTER_HOME": str(settings.home / "dagster"),
        "PGSSLMODE": "verify-full",
    }


def test_options_of_a_url_of_ones_own_are_left_alone(settings: Settings) -> None:
    own = "postgresql://x/d?options=-c%20statement_timeout%3D9"
    variables = export_environment(DatabaseUrls("postgresql://u@h/w", own), settings)
    assert variables["CHAIRSIDE_DAGSTER_PG_URL"] == own


def test_dagsters_home_follows_the_projects_file(settings: Settings) -> None:
    urls = DatabaseUrls("postgresql://u@h/w", "postgresql://u@h/d")
    copy = Path(export_environment(urls, settings)["DAGSTER_HOME"]) / "dagster.yaml"
    source = (ROOT / "dagster.yaml").read_text()
    assert copy.read_text() == source
    copy.write_text("stale")
    export_environment(urls, settings)
    assert copy.read_text() == source


def test_dagster_starts_on_the_instance_file(
    postgres_server: DatabaseUrls, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dagster import DagsterInstance

    for name, value in export_environment(postgres_server, settings).items():
        monkeypatch.setenv(name, value)
    with DagsterInstance.get() as instance:
        assert type(instance.run_storage).__name__ == "PostgresRunStorage"
        assert instance.run_storage.get_runs() == []
        config = instance.get_concurrency_config().run_queue_config
        assert config is not None
        assert config.max_concurrent_runs == 2
        assert config.tag_concurrency_limits == [{"key": "chairside/refresh", "limit": 1}]
        assert instance.run_monitoring_enabled
        assert not instance.telemetry_enabled
        # DagsterInstance quietens nothing by itself.
        logging.getLogger("alembic").setLevel(logging.WARNING)


def test_settings_have_defaults_below_the_project_root(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "chairside"\n')
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    assert Settings.from_environment({}, below) == Settings(
        tmp_path, tmp_path / ".chairside", tmp_path / "exports"
    )


def test_settings_come_from_the_environment(tmp_path: Path) -> None:
    read = Settings.from_environment(
        {
            "CHAIRSIDE_HOME": "state",
            "CHAIRSIDE_EXPORTS": "/srv/exports",
            "CHAIRSIDE_ENV": "production",
            "CHAIRSIDE_POSTGRES_PORT": "6000",
            "CHAIRSIDE_DATABASE_URL": "postgres://u:p@h/w",
            "CHAIRSIDE_DAGSTER_DATABASE_URL": "",
        },
        tmp_path,
    )
    assert read == Settings(
        ROOT,
        tmp_path / "state",
        Path("/srv/exports"),
        Environment.PRODUCTION,
        "postgresql://u:p@h/w",
        None,
        6000,
        postgres_port_is_explicit=True,
    )
    assert "u:p@h" not in repr(read)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CHAIRSIDE_ENV", "staging"),
        ("CHAIRSIDE_POSTGRES_PORT", "0"),
        ("CHAIRSIDE_POSTGRES_PORT", "５４３２"),
        ("CHAIRSIDE_DATABASE_URL", "mysql://u:p@h/w"),
        ("CHAIRSIDE_EXPORT_RUNS_KEPT", "1"),
        ("CHAIRSIDE_EXPORT_RUNS_KEPT", "all"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(name: str, value: str) -> None:
    with pytest.raises(InvalidSettingError, match=name):
        Settings.from_environment({name: value}, ROOT)


def test_server_memory_follows_the_machine() -> None:
    small = server_settings(Machine(2**29, 2**40, None))
    large = server_settings(Machine(2**38, 2**40, 2**26))
    assert (small["shared_buffers"], large["shared_buffers"]) == ("170MB", "8192MB")
    assert (small["work_mem"], large["work_mem"]) == ("8MB", "128MB")
    # A container's small /dev/shm.
    assert large["dynamic_shared_memory_type"] == "sysv"


def test_quotes_in_a_configured_path_are_escaped() -> None:
    assert "log_directory = 'it''s \\\\ here'" in render({"log_directory": "it's \\ here"})


def test_help_imports_no_command_and_the_env_lines_are_shell(
    settings: Settings, postgres_server: DatabaseUrls
) -> None:
    code = (
        "import sys; from orchestration.cli.main import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: print(sorted(m for m in sys.modules if 'psycopg2' in m or"
        " 'orchestration.cli.' in m or 'dagster' == m))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.splitlines()[-1] == "['orchestration.cli.main']"
    mine = replace(settings, database_url=None)
    for name, value in export_environment(postgres_server, mine).items():
        assert shlex.split(f"export {name}={shlex.quote(value)}") == ["export", f"{name}={value}"]
