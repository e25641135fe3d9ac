"""What a server's failure in the middle of work says to a person.

Put here the wording and what it is told by. Do not put here servers that cannot be reached at all
(test_refusals.py).
"""

from __future__ import annotations

import errno

import psycopg2
import pytest
from click.testing import CliRunner

from orchestration.cli import main as cli
from orchestration.errors import DiskFullError, ServerUnreachableError
from orchestration.postgres.connection import connect
from orchestration.postgres.failures import explain_failure


class WrappedError(Exception):
    """As SQLAlchemy wraps the driver's."""

    def __init__(self, orig: BaseException) -> None:
        super().__init__("wrapped")
        self.orig = orig


def error_of(url: str, statement: str) -> psycopg2.Error:
    with connect(url) as connection, pytest.raises(psycopg2.Error) as failure:
        connection.cursor().execute(statement)
    return failure.value


def test_a_session_that_was_ended_is_a_server_that_went_away(fresh_database: str) -> None:
    error = error_of(fresh_database, "select pg_terminate_backend(pg_backend_pid())")
    for each in (error, WrappedError(error)):
        shown = explain_failure(each)
        assert isinstance(shown, ServerUnreachableError)
        assert "went away in the middle" in shown.message
        assert "Run it again" in shown.hint


def test_a_full_disk_is_named(fresh_database: str) -> None:
    error = error_of(
        fresh_database, "do $$ begin raise sqlstate '53100' using message = 'no space'; end $$"
    )
    assert isinstance(explain_failure(error), DiskFullError)


def test_a_wrong_statement_is_a_fault_of_the_code(fresh_database: str) -> None:
    assert explain_failure(error_of(fresh_database, "select 1 / 0")) is None
    assert explain_failure(KeyError("x")) is None


def test_a_command_shows_it_without_a_traceback(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    error: Exception = error_of(fresh_database, "select pg_terminate_backend(pg_backend_pid())")

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(cli.click.Group, "invoke", fail)
    result = CliRunner().invoke(cli.main, ["status"])
    assert result.exit_code == 1
    assert result.output.startswith("Error: Postgres went away in the middle")
    error = OSError(errno.ENOSPC, "No space left on device", "a file")
    assert CliRunner().invoke(cli.main, ["status"]).output.startswith("Error: The disk is full")
