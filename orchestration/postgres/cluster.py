"""Creating the embedded server's data folder and starting the server on it.

Put here initdb and pg_ctl. Do not put here roles and databases (roles.py) or the choice of folders
(folders.py).
"""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from orchestration.errors import ChairsideError, DiskFullError, PortTakenError, ServerStartError
from orchestration.postgres.account import Account
from orchestration.postgres.binaries import Binaries
from orchestration.postgres.folders import Cluster
from orchestration.postgres.record import write_private
from orchestration.postgres.tuning import logging_settings, read_machine, render, server_settings

SUPERUSER = "postgres"
CONFIGURATION = "chairside.conf"
LEAST_FREE_BYTES = 200 * 1024 * 1024
# Crash recovery of a large warehouse replays up to max_wal_size of log.
START_TIMEOUT_SECONDS = 300
# Backends of a killed server end by themselves once their statement does.
ORPHAN_TIMEOUT_SECONDS = 30
_OLDEST_BUILTIN_LOCALE = 17
_TELLING_WORDS = ("FATAL", "PANIC", "ERROR", "error:", "invalid", "could not", "in time")


def create_data(cluster: Cluster, binaries: Binaries, account: Account, password: str) -> None:
    """Run initdb, all or nothing; does nothing when the data folder is already there.

    Raises DiskFullError or ServerStartError.
    """
    if cluster.data.exists():
        _require_same_version(cluster, binaries.major_version(account))
        return
    free = shutil.disk_usage(cluster.root).free
    if free < LEAST_FREE_BYTES:
        raise _disk_full(cluster.root, f"{free // 2**20} MB are free")
    partial, secret = cluster.root / "data.partial", cluster.root / "initdb.password"
    shutil.rmtree(partial, ignore_errors=True)
    write_private(secret, password)
    account.own(secret, 0o600)
    try:
        _initdb(partial, secret, binaries, account)
        with (partial / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(f"\ninclude_if_exists = '{CONFIGURATION}'\n")
        partial.rename(cluster.data)
    finally:
        secret.unlink(missing_ok=True)
        shutil.rmtree(partial, ignore_errors=True)


def _initdb(data: Path, secret: Path, binaries: Binaries, account: Account) -> None:
    command: list[str | Path] = [binaries.program("initdb"), "-D", data, "-U", SUPERUSER]
    command += ["--pwfile", secret, "--encoding=UTF8", "--data-checksums"]
    command += ["--auth-local=scram-sha-256", "--auth-host=scram-sha-256", "--no-instructions"]
    if binaries.major_version(account) >= _OLDEST_BUILTIN_LOCALE:
        # The same order and letters on every system, whatever locales it has installed.
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    # Systems without C.UTF-8 (older macOS and Red Hat) all have C.
    for locale in ("C.UTF-8", "C"):
        result = account.run([*command, f"--locale={locale}"])
        if result.returncode == 0 or "locale" not in result.stderr:
            break
    if result.returncode != 0:
        raise _start_failure(data.parent, result.stderr, "initdb failed")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a server listens on this machine."""

    port: int
    socket_folder: Path


def start(
    cluster: Cluster, binaries: Binaries, account: Account, endpoint: Endpoint, local: str
) -> None:
    """Start the server in its own session and wait until it answers.

    `local` is a person's own configuration, which wins over ours.

    Raises PortTakenError, DiskFullError or ServerStartError.
    """
    cluster.logs.mkdir(exist_ok=True)
    account.own(cluster.logs)
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": str(endpoint.port),
        "unix_socket_directories": str(endpoint.socket_folder),
        **server_settings(read_machine(cluster.root)),
        **logging_settings(cluster.logs),
    }
    write_private(cluster.data / CONFIGURATION, render(settings, local))
    account.own(cluster.data / CONFIGURATION, 0o600)
    command: list[str | Path] = [binaries.program("pg_ctl"), "start", "-D", cluster.data]
    command += ["-w", "-t", str(START_TIMEOUT_SECONDS), "-l", cluster.start_log, "-s"]
    deadline = time.monotonic() + ORPHAN_TIMEOUT_SECONDS
    while True:
        cluster.start_log.unlink(missing_ok=True)
        result = account.run(command, cluster.root, START_TIMEOUT_SECONDS + 30)
        if result.returncode == 0:
            return
        said = result.stderr + read_log_end(cluster)
        if "shared memory block" not in said or time.monotonic() > deadline:
            raise _start_failure(cluster.root, said, "The server did not start", endpoint.port)
        time.sleep(0.5)


def read_log_end(cluster: Cluster, characters: int = 2000) -> str:
    """Return the end of what the server said last, for an error message."""
    said = ""
    logs = sorted(cluster.logs.glob("*.log"), key=lambda path: path.stat().st_mtime)
    for path in logs[-2:]:
        said += path.read_text(encoding="utf-8", errors="replace")[-characters:]
    return said


def _start_failure(folder: Path, said: str, what: str, port: int | None = None) -> ChairsideError:
    lines = [line for line in said.splitlines() if any(word in line for word in _TELLING_WORDS)]
    reason = "; ".join(line.strip() for line in lines[-3:]) or said.strip() or "no reason given"
    if "No space left on device" in said:
        return _disk_full(folder, reason)
    if "could not bind" in said and port is not None:
        return PortTakenError(
            f"Port {port} was taken while the server started: {reason}", "Try again."
        )
    hint = f"The server's logs are in {folder / 'log'}."
    if "could not look up effective user" in said:
        # As in a container that runs under a bare number.
        hint = "Run as a user whom /etc/passwd names, or set CHAIRSIDE_DATABASE_URL to a server."
    return ServerStartError(f"{what} in {folder}: {reason}", hint)


def _disk_full(folder: Path, detail: str) -> DiskFullError:
    return DiskFullError(
        f"The disk of {folder} is full: {detail}.",
        "Free some space, or set CHAIRSIDE_HOME to a folder on another disk.",
    )


def _require_same_version(cluster: Cluster, major: int) -> None:
    text = (cluster.data / "PG_VERSION").read_text(encoding="ascii").strip()
    if text != str(major):
        raise ServerStartError(
            f"The data in {cluster.data} was made by Postgres {text}; the programs are {major}.",
            "Dump it with the old version's pg_dump and load it into a new CHAIRSIDE_HOME.",
        )
