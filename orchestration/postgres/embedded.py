"""The embedded server from nothing to ready: folders, data, start, roles, in that order.

Put here the order of the steps. Do not put here the steps themselves; each has its own module.
"""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from orchestration.errors import PortTakenError, ServerStartError
from orchestration.postgres import cluster as clusters
from orchestration.postgres.account import server_account
from orchestration.postgres.binaries import Binaries, bundled_binaries, reachable_binaries
from orchestration.postgres.folders import (
    Cluster,
    choose_socket_folder,
    find_cluster,
    make_cluster,
    require_cluster,
)
from orchestration.postgres.locking import exclusive_lock
from orchestration.postgres.ports import answers, choose_port
from orchestration.postgres.postmaster import (
    Postmaster,
    clear_stale_files,
    running_postmaster,
    stop_postmaster,
)
from orchestration.postgres.provision import PROVISION_VERSION, embedded_urls, provision
from orchestration.postgres.record import FILE_NAME, Record, load_record, make_home
from orchestration.postgres.urls import DatabaseUrls
from orchestration.settings import Settings

LOCK_FILE = "postgres.lock"
LOCAL_CONFIGURATION = "postgresql.local.conf"
READY_TIMEOUT_SECONDS = 300
PORT_ATTEMPTS = 5


def ensure_embedded(settings: Settings, binaries: Binaries | None = None) -> DatabaseUrls:
    """Start the embedded server unless it runs, and return its URLs.

    Raises a ChairsideError that says which step failed.
    """
    ready = _ready_record(settings)
    if ready is None:
        make_home(settings.home)
        with exclusive_lock(settings.home / LOCK_FILE):
            ready = _ready_record(settings) or _bring_up(settings, binaries or bundled_binaries())
    return embedded_urls(ready)


def stop_embedded(settings: Settings) -> bool:
    """Stop the embedded server; False when it was not running."""
    record = load_record(settings.home)
    if record is None:
        return False
    with exclusive_lock(settings.home / LOCK_FILE):
        return stop_postmaster(find_cluster(settings.home, record).data)


def remove_embedded(settings: Settings) -> bool:
    """Stop the embedded server and delete all its files, wherever they are; False if none."""
    record = load_record(settings.home)
    if record is None:
        return False
    with exclusive_lock(settings.home / LOCK_FILE):
        cluster = find_cluster(settings.home, record)
        stop_postmaster(cluster.data)
        for folder in (cluster.root, Path(record.socket or cluster.root)):
            shutil.rmtree(folder, ignore_errors=True)
        (settings.home / FILE_NAME).unlink()
    return True


def embedded_state(settings: Settings) -> tuple[Cluster | None, Postmaster | None]:
    """Return the embedded server's folder and process, each None where there is none."""
    record = load_record(settings.home)
    if record is None:
        return None, None
    cluster = find_cluster(settings.home, record)
    return cluster, running_postmaster(cluster.data)


def _ready_record(settings: Settings) -> Record | None:
    """Return the record if the server answers already; a few file reads and one short probe."""
    record = load_record(settings.home)
    if record is None or record.provisioned != PROVISION_VERSION:
        return None
    server = running_postmaster(find_cluster(settings.home, record).data)
    if server is None or server.port != record.port or not _answers(server):
        return None
    _require_asked_port(settings, server.port)
    return record


def _require_asked_port(settings: Settings, port: int) -> None:
    if settings.postgres_port_is_explicit and settings.postgres_port != port:
        raise PortTakenError(
            f"The embedded server already runs on port {port}, and CHAIRSIDE_POSTGRES_PORT asks"
            f" for {settings.postgres_port}.",
            "Run `chairside db stop` first; the next start takes the new port.",
        )


def _bring_up(settings: Settings, binaries: Binaries) -> Record:
    home = settings.home
    record = load_record(home)
    if record is None:
        cluster = make_cluster(home)
        inside = cluster.root.is_relative_to(home)
        record = Record(str(cluster.root.relative_to(home) if inside else cluster.root))
        record.save(home)
    cluster = find_cluster(home, record)
    require_cluster(home, cluster)
    server = _wait_for_running(cluster.data)
    if server is None:
        _start(settings, record, cluster, binaries)
    else:
        _require_asked_port(settings, server.port)
        record.port = server.port
    if record.provisioned != PROVISION_VERSION:
        provision(record)
        record.provisioned = PROVISION_VERSION
    record.save(home)
    return record


def _start(settings: Settings, record: Record, cluster: Cluster, binaries: Binaries) -> None:
    account = server_account(cluster.root)
    reachable = reachable_binaries(binaries, account, cluster.root)
    clusters.create_data(cluster, reachable, account, record.superuser_password)
    socket = choose_socket_folder(cluster, account, record.socket)
    clear_stale_files(cluster.data, socket)
    record.socket = str(socket)
    local = _read_optional(settings.home / LOCAL_CONFIGURATION)
    for attempt in range(1, PORT_ATTEMPTS + 1):
        record.port = choose_port(settings, record.port)
        # Saved before the start: whoever finds the server running must find its port too.
        record.save(settings.home)
        endpoint = clusters.Endpoint(record.port, socket)
        try:
            clusters.start(cluster, reachable, account, endpoint, local)
        except PortTakenError:
            # As when two homes start at once: both found the default port free.
            if settings.postgres_port_is_explicit or attempt == PORT_ATTEMPTS:
                raise
        else:
            break


def _wait_for_running(data: Path) -> Postmaster | None:
    """Return the running server once it answers; None when there is none, or it dies meanwhile."""
    deadline = time.monotonic() + READY_TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        server = running_postmaster(data)
        if server is None or _answers(server):
            return server
        time.sleep(0.1)
    raise ServerStartError(
        f"The server on {data} runs and has not answered for {READY_TIMEOUT_SECONDS} seconds.",
        f"See the logs in {data.parent / 'log'}, run `chairside db stop` and start it again.",
    )


def _answers(server: Postmaster) -> bool:
    return server.ready and answers(server.port)


def _read_optional(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""
