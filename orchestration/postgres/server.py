"""The one door to Postgres: make sure a server runs and say where its databases are.

Put here the choice between the embedded server and the user's own. Do not put here how either
works (embedded.py, external.py).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from orchestration.errors import BinariesMissingError
from orchestration.postgres.external import use_external
from orchestration.postgres.urls import DatabaseUrls
from orchestration.settings import Settings

__all__ = ["DatabaseUrls", "ServerStatus", "ensure_running", "remove", "server_status", "stop"]


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """What is known of the server without starting it or connecting to it."""

    embedded: bool
    running: bool
    pid: int | None = None
    port: int | None = None
    data: Path | None = None
    logs: Path | None = None


def ensure_running(settings: Settings) -> DatabaseUrls:
    """Return the URLs of warehouse and Dagster databases on a server that answers.

    Starts the embedded server unless CHAIRSIDE_DATABASE_URL names another. Raises a ChairsideError
    that says what is wrong and what to do.
    """
    if settings.database_url is not None:
        return use_external(settings, settings.database_url)
    if os.name != "posix":
        raise BinariesMissingError(
            "The embedded server runs on Linux and macOS only.",
            "Run Chairside in WSL, or set CHAIRSIDE_DATABASE_URL to a Postgres server.",
        )
    from orchestration.postgres.embedded import ensure_embedded  # needs Unix accounts and locks

    return ensure_embedded(settings)


def stop(settings: Settings) -> bool:
    """Stop the embedded server; False when there is none running or the server is not ours."""
    if settings.database_url is not None:
        return False
    from orchestration.postgres.embedded import stop_embedded

    return stop_embedded(settings)


def remove(settings: Settings) -> bool:
    """Stop the embedded server and delete it with all its data; False when there is none."""
    if settings.database_url is not None:
        return False
    from orchestration.postgres.embedded import remove_embedded

    return remove_embedded(settings)


def server_status(settings: Settings) -> ServerStatus:
    """Look at the embedded server without touching it."""
    if settings.database_url is not None:
        return ServerStatus(embedded=False, running=False)
    from orchestration.postgres.embedded import embedded_state

    cluster, server = embedded_state(settings)
    return ServerStatus(
        embedded=True,
        running=server is not None and server.ready,
        pid=server.pid if server else None,
        port=server.port if server else None,
        data=cluster.data if cluster else None,
        logs=cluster.logs if cluster else None,
    )
