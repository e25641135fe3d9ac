"""The settings of a Chairside process, read once from the environment.

Put here what comes from an environment variable and its default. Do not put here values that the
embedded server generates (postgres/record.py), business rules (seeds/) or Dagster configuration.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from orchestration.environments import Environment
from orchestration.errors import InvalidSettingError

DEFAULT_POSTGRES_PORT = 54329
# The run that the manifest names, and the one before it, which a reader may still be reading.
LEAST_EXPORT_RUNS = 2


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a process needs to know about where it runs."""

    project_root: Path
    home: Path
    exports: Path
    environment: Environment = Environment.DEV
    # URLs carry passwords, so they stay out of logs and tracebacks.
    database_url: str | None = field(default=None, repr=False)
    dagster_database_url: str | None = field(default=None, repr=False)
    postgres_port: int = DEFAULT_POSTGRES_PORT
    # An asked-for port is kept or refused; only the default may move aside.
    postgres_port_is_explicit: bool = False
    export_runs_kept: int = LEAST_EXPORT_RUNS

    @classmethod
    def from_environment(
        cls, environ: Mapping[str, str] | None = None, start: Path | None = None
    ) -> Settings:
        """Read the settings; relative paths are taken from `start` (the current folder).

        Raises InvalidSettingError when a variable holds a value that cannot be used.
        """
        values = {k: v.strip() for k, v in (os.environ if environ is None else environ).items()}
        here = (Path.cwd() if start is None else Path(start)).resolve()
        root = find_project_root(here)
        port = values.get("CHAIRSIDE_POSTGRES_PORT")
        return cls(
            project_root=root,
            home=_folder(values, "CHAIRSIDE_HOME", here, root / ".chairside"),
            exports=_folder(values, "CHAIRSIDE_EXPORTS", here, root / "exports"),
            environment=_environment(values.get("CHAIRSIDE_ENV")),
            database_url=_postgres_url(values, "CHAIRSIDE_DATABASE_URL"),
            dagster_database_url=_postgres_url(values, "CHAIRSIDE_DAGSTER_DATABASE_URL"),
            postgres_port=_port(port) if port else DEFAULT_POSTGRES_PORT,
            postgres_port_is_explicit=bool(port),
            export_runs_kept=_export_runs(values.get("CHAIRSIDE_EXPORT_RUNS_KEPT")),
        )


def find_project_root(start: Path) -> Path:
    """Return the Chairside project that `start` lies in, else the one this code was installed from.

    Raises InvalidSettingError when neither is a Chairside project.
    """
    for folder in (start, *start.parents, Path(__file__).resolve().parent.parent):
        if _is_project_root(folder):
            return folder
    raise InvalidSettingError(
        f"No Chairside project at {start} or in any folder above it.",
        "Change to the folder that holds Chairside's pyproject.toml and run the command again.",
    )


def _is_project_root(folder: Path) -> bool:
    try:
        with (folder / "pyproject.toml").open("rb") as file:
            return bool(tomllib.load(file).get("project", {}).get("name") == "chairside")
    except (OSError, tomllib.TOMLDecodeError):
        return False


def _folder(values: Mapping[str, str], name: str, here: Path, default: Path) -> Path:
    text = values.get(name)
    return (here / Path(text).expanduser()).resolve() if text else default


def _environment(text: str | None) -> Environment:
    if not text:
        return Environment.DEV
    try:
        return Environment(text)
    except ValueError:
        known = ", ".join(Environment)
        raise InvalidSettingError(
            f"CHAIRSIDE_ENV is {text!r}, which is no environment.", f"Use one of: {known}."
        ) from None


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 65535:
        return int(text)
    raise InvalidSettingError(
        f"CHAIRSIDE_POSTGRES_PORT is {text!r}, which is no port.",
        f"Use a whole number from 1 to 65535, or unset it for {DEFAULT_POSTGRES_PORT}.",
    )


def _export_runs(text: str | None) -> int:
    if not text:
        return LEAST_EXPORT_RUNS
    if text.isascii() and text.isdigit() and int(text) >= LEAST_EXPORT_RUNS:
        return int(text)
    raise InvalidSettingError(
        f"CHAIRSIDE_EXPORT_RUNS_KEPT is {text!r}, which is no number of runs to keep.",
        f"Use a whole number from {LEAST_EXPORT_RUNS} up, or unset it.",
    )


def _postgres_url(values: Mapping[str, str], name: str) -> str | None:
    text = values.get(name)
    if not text:
        return None
    scheme, separator, rest = text.partition("://")
    if not separator or scheme not in ("postgresql", "postgres"):
        # The value is not shown: it may hold a password.
        raise InvalidSettingError(
            f"{name} is not a Postgres URL.",
            "Write it as postgresql://user:password@host:5432/database"
            " with special characters in the password percent-encoded.",
        )
    # SQLAlchemy, which Dagster's storage uses, knows only the long scheme.
    return f"postgresql://{rest}"
