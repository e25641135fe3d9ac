"""The embedded server from nothing to ready: folders, data, start, roles, in that order.

Put here the order of the steps. Do not put here the steps themselves; each has its own module.
"""

from __future__ import annotations

import time
from pathlib import Path

from orchestration.errors import PortTakenError, ServerStartError
from orchestration.postgres import cluster as clusters
from orchestration.postgres.account import server_account
from orchestration.postgres.binaries import Binaries, bundled_binaries, reachable_binaries
from orchestration.postgres.connection import connect
from orchestration.postgres.folders import (
    Cluster,
    choose_socket_folder,
    find_cluster,
    make_cluster,
    require_cluster,
)
from orchestration.postgres.locking import exclusive_lock
from orchestration.postgres.ports import LOOPBACK, choose_port
from orchestration.postgres.postmaster import (
    Postmaster,
    clear_stale_files,
    running_postmaster,
    stop_postmaster,
)
from orchestration.postgres.record import Record, load_record, make_home
from orchestration.postgres.roles import (
    BI_READER,
    OWNER,
    OWNER_SETTINGS,
    READER_SETTINGS,
    ensure_database,
    ensure_login_role,
    grant_read_access,
    restrict_database,
)
from orchestration.postgres.urls import DatabaseUrls, build_url
from orchestration.settings import Settings

LOCK_FILE = "postgres.lock"
LOCAL_CONFIGURATION = "postgresql.local.conf"
WAREHOUSE, DAGSTER = "warehouse", "dagster"
# Raise it whenever _provision changes, so that servers made before are brought up to date.
PROVISION_VERSION = 1
READY_TIMEOUT_SECONDS = 300


def ensure_embedded(settings: Settings, binaries: Binaries | None = None) -> DatabaseUrls:
    """Start the embedded server unless it runs, and return its URLs.

    Raises a ChairsideError that says which step failed.
    """
    ready = _ready_record(settings)
    if ready is None:
        make_home(settings.home)
        with exclusive_lock(settings.home / LOCK_FILE):
            ready = _ready_record(settings) or _bring_up(settings, binaries or bundled_binaries())
    return _urls(ready)


def stop_embedded(settings: Settings) -> bool:
    """Stop the embedded server; False when it was not running."""
    record = load_record(settings.home)
    if record is None:
        return False
    with exclusive_lock(settings.home / LOCK_FILE):
        return stop_postmaster(find_cluster(settings.home, record).data)


def embedded_state(settings: Settings) -> tuple[Cluster | None, Postmaster | None]:
    """Return the embedded server's folder and process, each None where there is none."""
    record = load_record(settings.home)
    if record is None:
        return None, None
    cluster = find_cluster(settings.home, record)
    return cluster, running_postmaster(cluster.data)


def _ready_record(settings: Settings) -> Record | None:
    """Return the record if the server answers already; a few file reads, no connection."""
    record = load_record(settings.home)
    if record is None or record.provisioned != PROVISION_VERSION:
        return None
    server = running_postmaster(find_cluster(settings.home, record).data)
    if server is None or not server.ready or server.port != record.port:
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
    server = running_postmaster(cluster.data)
    if server is None:
        _start(settings, record, cluster, binaries)
    else:
        server = _wait_until_ready(cluster.data)
        _require_asked_port(settings, server.port)
        record.port = server.port
    if record.provisioned != PROVISION_VERSION:
        _provision(record)
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
    record.port = choose_port(settings, record.port)
    # Saved before the start: whoever finds the server running must find its port too.
    record.save(settings.home)
    local = _read_optional(settings.home / LOCAL_CONFIGURATION)
    clusters.start(cluster, reachable, account, record.port, socket, local)


def _wait_until_ready(data: Path) -> Postmaster:
    deadline = time.monotonic() + READY_TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        server = running_postmaster(data)
        if server is None:
            break
        if server.ready:
            return server
        time.sleep(0.1)
    raise ServerStartError(
        f"The server on {data} was starting and did not become ready.",
        f"See the logs in {data.parent / 'log'} and run `chairside db start` again.",
    )


def _provision(record: Record) -> None:
    """Create roles and databases and bring existing ones to what this version expects."""
    admin = _url(record, clusters.SUPERUSER, record.superuser_password, "postgres")
    with connect(admin, autocommit=True) as connection:
        ensure_login_role(connection, OWNER, record.owner_password, OWNER_SETTINGS, "createdb")
        ensure_login_role(connection, BI_READER, record.bi_reader_password, READER_SETTINGS)
        with connection.cursor() as cursor:
            # To see and end a query that blocks a refresh.
            cursor.execute(f"grant pg_monitor, pg_signal_backend to {OWNER}")
        for database, readers in ((WAREHOUSE, [BI_READER]), (DAGSTER, [])):
            ensure_database(connection, database, OWNER)
            restrict_database(connection, database, readers)
    with connect(_urls(record).warehouse) as connection:
        grant_read_access(connection)


def _urls(record: Record) -> DatabaseUrls:
    return DatabaseUrls(
        warehouse=_url(record, OWNER, record.owner_password, WAREHOUSE),
        dagster=_url(record, OWNER, record.owner_password, DAGSTER),
        bi_reader=_url(record, BI_READER, record.bi_reader_password, WAREHOUSE),
    )


def _url(record: Record, user: str, password: str, database: str) -> str:
    return build_url(
        {
            "user": user,
            "password": password,
            "host": LOOPBACK,
            "port": str(record.port),
            "dbname": database,
        }
    )


def _read_optional(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""
