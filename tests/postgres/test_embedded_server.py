"""The embedded server's life: first start, second start, death, stop, and what it is set to."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from orchestration.errors import WrongPasswordError
from orchestration.postgres.connection import connect
from orchestration.postgres.record import load_record
from orchestration.postgres.server import DatabaseUrls, ensure_running, remove, server_status, stop
from orchestration.postgres.urls import with_parameters
from orchestration.settings import Settings


def query(url: str, statement: str) -> object:
    with connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone()
        assert row is not None
        return row[0]


def test_a_first_start_makes_both_databases_and_both_roles(settings: Settings) -> None:
    urls = ensure_running(settings)
    assert urls.bi_reader is not None
    who = "select current_user || '@' || current_database()"
    assert query(urls.warehouse, who) == "chairside@warehouse"
    assert query(urls.dagster, who) == "chairside@dagster"
    assert query(urls.bi_reader, who) == "bi_reader@warehouse"


def test_each_supported_postgres_starts_and_holds_utf8(each_postgres: DatabaseUrls) -> None:
    assert query(each_postgres.warehouse, "show server_encoding") == "UTF8"
    assert query(each_postgres.warehouse, "select lower('ÉÅ')") == "éå"
    assert (
        query(
            each_postgres.warehouse,
            "select array_agg(x order by x)::text from unnest(array['b','B','a','é']) as x",
        )
        == "{B,a,b,é}"
    )


def test_the_server_is_set_up_for_analytics(settings: Settings) -> None:
    urls = ensure_running(settings)
    expected = {
        "data_checksums": "on",
        "jit": "off",
        "synchronous_commit": "on",
        "fsync": "on",
        "random_page_cost": "1.1",
        "TimeZone": "UTC",
        "listen_addresses": "127.0.0.1",
        "max_connections": "100",
        "lock_timeout": "30s",
        "client_connection_check_interval": "2s",
        # From postgresql.local.conf, which wins over our own.
        "shared_buffers": "64MB",
    }
    assert {name: query(urls.warehouse, f"show {name}") for name in expected} == expected


def test_tcp_and_socket_both_want_the_password(settings: Settings) -> None:
    urls = ensure_running(settings)
    record = load_record(settings.home)
    assert record is not None
    assert record.socket is not None
    over_socket = with_parameters(urls.warehouse, host=record.socket)
    assert query(over_socket, "select inet_server_addr() is null") is True
    for url in (urls.warehouse, over_socket):
        with (
            pytest.raises(WrongPasswordError, match="chairside@"),
            connect(with_parameters(url, password="wrong")),
        ):
            pass


def test_passwords_are_readable_by_their_owner_only(settings: Settings) -> None:
    ensure_running(settings)
    file = settings.home / "postgres.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    passwords = [v for k, v in json.loads(file.read_text()).items() if k.endswith("password")]
    assert len(set(passwords)) == 3


def test_a_second_call_finds_the_server_in_milliseconds(settings: Settings) -> None:
    first = ensure_running(settings)
    pid = server_status(settings).pid
    began = time.perf_counter()
    assert ensure_running(settings) == first
    assert time.perf_counter() - began < 0.05
    assert server_status(settings).pid == pid


def test_data_and_urls_survive_stop_and_start(settings: Settings) -> None:
    urls = ensure_running(settings)
    with connect(urls.warehouse) as connection, connection.cursor() as cursor:
        cursor.execute("create table kept as select 42 as answer")
    assert stop(settings) is True
    assert stop(settings) is False
    assert server_status(settings).running is False
    assert ensure_running(settings) == urls
    assert query(urls.warehouse, "select answer from kept") == 42


@pytest.mark.parametrize("whom", ["the postmaster alone", "every process"])
def test_it_starts_again_after_kill_nine_of(settings: Settings, whom: str) -> None:
    urls = ensure_running(settings)
    with connect(urls.warehouse) as connection, connection.cursor() as cursor:
        cursor.execute("create table kept as select 42 as answer")
    for _ in range(3):
        pid = server_status(settings).pid
        assert pid is not None
        children = _children(pid) if whom == "every process" else []
        for each in (pid, *children):
            os.kill(each, signal.SIGKILL)
        urls = ensure_running(settings)
        assert query(urls.warehouse, "select answer from kept") == 42
        assert server_status(settings).pid != pid


def test_it_starts_when_the_process_id_of_a_dead_server_is_a_zombie(settings: Settings) -> None:
    urls = ensure_running(settings)
    data = server_status(settings).data
    assert data is not None
    pid_file = data / "postmaster.pid"
    left_behind = pid_file.read_text()
    stop(settings)
    zombie = subprocess.Popen([sys.executable, "-c", ""])
    try:
        time.sleep(0.3)
        pid_file.write_text("\n".join([str(zombie.pid), *left_behind.splitlines()[1:]]))
        assert ensure_running(settings) == urls
    finally:
        zombie.wait()


def test_starts_at_the_same_moment_make_one_server(settings: Settings) -> None:
    with ThreadPoolExecutor(4) as pool:
        urls = list(pool.map(ensure_running, [settings] * 4))
    assert len({url.warehouse for url in urls}) == 1


def test_the_server_outlives_the_process_that_started_it(settings: Settings) -> None:
    code = (
        "from pathlib import Path; from orchestration.settings import Settings;"
        "from orchestration.postgres.server import ensure_running; import sys;"
        "home = Path(sys.argv[1]); ensure_running(Settings(Path(sys.argv[2]), home, home))"
    )
    command = [sys.executable, "-c", code, str(settings.home), str(settings.project_root)]
    subprocess.run(command, check=True, start_new_session=True)
    status = server_status(settings)
    assert status.running is True
    assert status.pid is not None
    assert os.getsid(status.pid) == status.pid


def test_a_home_that_only_its_user_may_enter_works_too() -> None:
    home = Path(tempfile.mkdtemp(prefix="chairside-test-")) / "clone" / ".chairside"
    settings = Settings(home.parent, home, home / "exports")
    try:
        assert query(ensure_running(settings).warehouse, "select 1") == 1
        assert stat.S_IMODE(home.parent.parent.stat().st_mode) == 0o700
    finally:
        remove(settings)
        shutil.rmtree(home.parent.parent)


def test_a_home_too_deep_for_a_socket_works_too(settings: Settings) -> None:
    deep = replace(settings, home=settings.home / ("d" * 60) / ("e" * 60))
    try:
        ensure_running(deep)
        record = load_record(deep.home)
        assert record is not None
        assert str(record.socket).startswith("/tmp/chairside-")
        stop(deep)
        ensure_running(deep)
        again = load_record(deep.home)
        assert again is not None
        assert again.socket == record.socket
    finally:
        remove(deep)


def test_a_home_with_spaces_and_quotes_works_too(settings: Settings) -> None:
    odd = replace(settings, home=settings.home / "it's a salón")
    try:
        assert query(ensure_running(odd).warehouse, "select 1") == 1
        stop(odd)
        assert query(ensure_running(odd).warehouse, "select 1") == 1
    finally:
        remove(odd)


def _children(pid: int) -> list[int]:
    listed = subprocess.run(
        ["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False
    ).stdout
    return [int(line) for line in listed.split()]
