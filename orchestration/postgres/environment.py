"""The environment variables that dbt's profile and Dagster's instance file read.

Put here the names and values of variables for child processes. Do not put here settings read by
Chairside itself (orchestration/settings.py).
"""

from __future__ import annotations

from pathlib import Path

from orchestration.postgres.record import write_failure
from orchestration.postgres.urls import DatabaseUrls, parse_url, with_parameters
from orchestration.settings import Settings

TELEMETRY_OFF = {
    "DO_NOT_TRACK": "1",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "GX_ANALYTICS_ENABLED": "false",
    "DAGSTER_DISABLE_TELEMETRY": "1",
}
# libpq reads these where a connection does not say otherwise, so dbt needs no setting of its own.
_TLS_VARIABLES = {
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}
INSTANCE_FILE = "dagster.yaml"


def export_environment(urls: DatabaseUrls, settings: Settings | None = None) -> dict[str, str]:
    """Return the variables for dbt and Dagster, and put Dagster's home folder in order.

    Without settings they are read from the environment. Raises FolderNotWritableError or
    DiskFullError when Dagster's home cannot be written.
    """
    settings = settings or Settings.from_environment()
    parts = parse_url(urls.warehouse)
    variables = {
        "CHAIRSIDE_HOME": str(settings.home),
        "CHAIRSIDE_PG_HOST": parts.get("host", "localhost"),
        "CHAIRSIDE_PG_PORT": parts.get("port", "5432"),
        "CHAIRSIDE_PG_USER": parts.get("user", ""),
        "CHAIRSIDE_PG_PASSWORD": parts.get("password", ""),
        "CHAIRSIDE_PG_DATABASE": parts.get("dbname", ""),
        "CHAIRSIDE_DAGSTER_PG_URL": _without_waiting_for_disk(urls.dagster),
        "DAGSTER_HOME": str(prepare_dagster_home(settings)),
    }
    tls = {name: parts[key] for key, name in _TLS_VARIABLES.items() if key in parts}
    return variables | tls | TELEMETRY_OFF


def _without_waiting_for_disk(url: str) -> str:
    """Return the URL with commits that return before they are on disk, unless it has options.

    Dagster commits each of the thousand events of a refresh by itself. A power cut may take the
    last second of its log; what was refreshed stands in the warehouse, which waits.
    """
    if "options" in parse_url(url):
        return url
    return with_parameters(url, options="-c synchronous_commit=off")


def prepare_dagster_home(settings: Settings) -> Path:
    """Return Dagster's home folder, holding an up-to-date copy of the project's dagster.yaml.

    A copy and not a link, since Dagster writes beside it and links do not survive every archive.
    """
    folder, source = settings.home / "dagster", settings.project_root / INSTANCE_FILE
    target = folder / INSTANCE_FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        text = source.read_text(encoding="utf-8")
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            temporary = target.with_suffix(".new")
            temporary.write_text(text, encoding="utf-8")
            temporary.replace(target)
    except OSError as error:
        raise write_failure(target, error) from error
    return folder
