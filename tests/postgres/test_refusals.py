"""What cannot work is refused with an error that says what, where and what to do next."""

from __future__ import annotations

import errno
import os
import shutil
import socket
import subprocess
import sys
from collections import namedtuple
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from orchestration.errors import (
    BinariesMissingError,
    ChairsideError,
    DatabaseMissingError,
    DiskFullError,
    FolderNotWritableError,
    PortTakenError,
    ServerStartError,
    ServerTooOldError,
    ServerUnreachableError,
    WrongPasswordError,
)
from orchestration.postgres import connection as connections
from orchestration.postgres import external, ports
from orchestration.postgres.account import Account
from orchestration.postgres.binaries import Binaries
from orchestration.postgres.connection import connect
from orchestration.postgres.embedded import ensure_embedded
from orchestration.postgres.folders import Cluster
from orchestration.postgres.record import write_failure
from orchestration.postgres.server import DatabaseUrls, ensure_running
from orchestration.postgres.urls import with_parameters
from orchestration.settings import Settings

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port that another program listens on for the length of the test."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_port_that_was_asked_for_and_is_taken_is_an_error(
    settings: Settings, taken_port: int
) -> None:
    asked = replace(settings, postgres_port=taken_port, postgres_port_is_explicit=True)
    with pytest.raises(PortTakenError, match=f"Port {taken_port} .*CHAIRSIDE_POSTGRES_PORT"):
        ensure_running(asked)


def test_a_default_port_that_is_taken_moves_aside_and_stays_there(
    settings: Settings, taken_port: int
) -> None:
    first = ensure_running(replace(settings, postgres_port=taken_port))
    assert f":{taken_port}/" not in first.warehouse
    assert ensure_running(settings) == first


@pytest.mark.parametrize("is_explicit", [False, True])
def test_a_port_that_is_taken_during_the_start_moves_aside_unless_it_was_asked_for(
    settings: Settings, taken_port: int, monkeypatch: pytest.MonkeyPatch, is_explicit: bool
) -> None:
    answers = iter([True])
    really_free = ports.is_free
    # The other program came between the question and the start.
    monkeypatch.setattr(ports, "is_free", lambda port: next(answers, None) or really_free(port))
    wanted = replace(settings, postgres_port=taken_port, postgres_port_is_explicit=is_explicit)
    if is_explicit:
        with pytest.raises(PortTakenError, match=f"Port {taken_port} was taken while"):
            ensure_running(wanted)
    else:
        assert f":{taken_port}/" not in ensure_running(wanted).warehouse


def test_another_port_for_a_running_server_is_an_error(settings: Settings) -> None:
    ensure_running(settings)
    asked = replace(settings, postgres_port=1, postgres_port_is_explicit=True)
    with pytest.raises(PortTakenError, match="already runs on port") as caught:
        ensure_running(asked)
    assert "chairside db stop" in caught.value.hint


def test_a_home_below_a_file_is_not_writable(settings: Settings) -> None:
    blocked = settings.home / "file"
    blocked.write_text("")
    with pytest.raises(FolderNotWritableError, match="file/home") as caught:
        ensure_running(replace(settings, home=blocked / "home"))
    assert "CHAIRSIDE_HOME" in caught.value.hint


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_home_is_not_writable(settings: Settings) -> None:
    settings.home.chmod(0o500)
    with pytest.raises(FolderNotWritableError, match="Permission denied"):
        ensure_running(settings)


def test_a_disk_with_no_room_is_told_before_anything_is_made(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9, 2**20))
    with pytest.raises(DiskFullError, match="1 MB are free"):
        ensure_running(settings)
    assert not (settings.home / "postgres" / "data").exists()


def test_a_write_that_finds_the_disk_full_says_so() -> None:
    error = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert isinstance(write_failure(Path("/data/file"), error), DiskFullError)


def test_an_initdb_that_finds_the_disk_full_says_so(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = 'initdb: error: could not create directory "x": No space left on device'

    def fail(self: Account, command: list[str], *_: object) -> object:
        code, version = (0, "postgres (PostgreSQL) 18.4") if "--version" in command else (1, "")
        return subprocess.CompletedProcess(command, code, version, "" if code == 0 else said)

    monkeypatch.setattr(Account, "run", fail)
    with pytest.raises(DiskFullError, match="No space left on device"):
        ensure_running(settings)


def test_missing_binaries_point_to_the_other_way(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(BinariesMissingError, match=str(tmp_path)) as caught:
        ensure_embedded(settings, Binaries(tmp_path))
    assert "CHAIRSIDE_DATABASE_URL" in caught.value.hint


def test_binaries_of_another_platform_are_told_as_such(settings: Settings) -> None:
    folder = settings.home / "bin"
    folder.mkdir()
    for name in ("postgres", "initdb", "pg_ctl"):
        (folder / name).write_bytes(b"\x7fELF of some other machine")
        (folder / name).chmod(0o755)
    with pytest.raises(BinariesMissingError, match="cannot be run here"):
        ensure_embedded(settings, Binaries(folder))


def test_data_of_another_version_is_refused_and_left_alone(settings: Settings) -> None:
    root = settings.home / "postgres"
    ensure_running(settings)
    from orchestration.postgres.server import stop

    stop(settings)
    (Cluster(root).data / "PG_VERSION").write_text("17\n")
    with pytest.raises(ServerStartError, match="made by Postgres 17; the programs are 18"):
        ensure_running(settings)
    (Cluster(root).data / "PG_VERSION").write_text("18\n")


def test_a_server_that_cannot_start_shows_its_own_words(settings: Settings) -> None:
    (settings.home / "postgresql.local.conf").write_text("work_mem = plenty\n")
    with pytest.raises(ServerStartError, match="work_mem"):
        ensure_running(settings)


def test_a_data_folder_that_is_gone_is_not_replaced_by_an_empty_one(settings: Settings) -> None:
    ensure_running(settings)
    from orchestration.postgres.server import stop

    stop(settings)
    shutil.rmtree(settings.home / "postgres")
    with pytest.raises(ServerStartError, match="is gone"):
        ensure_running(settings)


def test_a_damaged_record_is_an_error_and_not_a_new_server(settings: Settings) -> None:
    record = settings.home / "postgres.json"
    record.write_text("{")
    with pytest.raises(ServerStartError, match="damaged"):
        ensure_running(settings)
    record.unlink()


def test_a_server_older_than_15_is_refused(
    settings: Settings, postgres_server: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(external, "server_version", lambda _: 140012)
    with pytest.raises(ServerTooOldError, match="Postgres 14; Chairside needs 15"):
        ensure_running(replace(settings, database_url=postgres_server.warehouse))


def test_logins_that_can_never_work_are_refused_at_once(postgres_server: DatabaseUrls) -> None:
    url = postgres_server.warehouse
    cases: list[tuple[str, type[ChairsideError]]] = [
        (with_parameters(url, password="secret-but-wrong"), WrongPasswordError),
        (with_parameters(url, user="nobody-we-know"), WrongPasswordError),
        (with_parameters(url, dbname="no such database"), DatabaseMissingError),
    ]
    for wrong, error in cases:
        with pytest.raises(error) as caught, connect(wrong):
            pass
        assert "secret-but-wrong" not in str(caught.value)


def test_a_server_that_does_not_answer_is_tried_again_and_then_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waits: list[float] = []
    monkeypatch.setattr(connections.time, "sleep", waits.append)
    with (
        pytest.raises(ServerUnreachableError, match=r"me@127\.0\.0\.1:1/x"),
        connect("postgresql://me@127.0.0.1:1/x"),
    ):
        pass
    assert waits == list(connections.RETRY_DELAYS)


def test_a_server_that_recovers_after_a_crash_is_waited_for(
    postgres_server: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    answers = iter(
        [psycopg2.OperationalError("FATAL:  the database system is in recovery mode")] * 20
    )
    really_connect = psycopg2.connect

    def recovering(*arguments: Any, **options: Any) -> Any:
        if (error := next(answers, None)) is not None:
            raise error
        return really_connect(*arguments, **options)

    monkeypatch.setattr(connections.time, "sleep", waits.append)
    monkeypatch.setattr(connections.psycopg2, "connect", recovering)
    with connect(postgres_server.warehouse):
        pass
    assert waits == [connections.RECOVERY_DELAY] * 20


def test_the_command_line_prints_message_and_hint_without_a_traceback(
    settings: Settings, taken_port: int
) -> None:
    variables = {"CHAIRSIDE_HOME": str(settings.home), "CHAIRSIDE_POSTGRES_PORT": str(taken_port)}
    done = subprocess.run(
        [sys.executable, "-m", "orchestration.cli.main", "db", "start"],
        env=os.environ | variables,
        cwd=settings.project_root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith(f"Error: Port {taken_port}")
    assert "choose another port" in done.stderr
    assert "Traceback" not in done.stderr
