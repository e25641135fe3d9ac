"""Postgres URLs: building, taking apart, hiding passwords.

Put here pure functions on URL text. Do not put here connections or anything that reads the disk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

import psycopg2
from psycopg2.extensions import parse_dsn

from orchestration.errors import InvalidSettingError

_NAMED_PARTS = ("user", "password", "host", "port", "dbname")


@dataclass(frozen=True, slots=True)
class DatabaseUrls:
    """Full postgresql:// URLs of the databases Chairside uses; they hold passwords."""

    warehouse: str = field(repr=False)
    dagster: str = field(repr=False)
    # None where the server does not let us create the role, or another party made it.
    bi_reader: str | None = field(default=None, repr=False)


def parse_url(url: str) -> dict[str, str]:
    """Return libpq's parameters (host, port, user, password, dbname, sslmode...) of a URL, decoded.

    Raises InvalidSettingError when libpq cannot read the URL.
    """
    try:
        return {name: str(value) for name, value in parse_dsn(url).items()}
    except psycopg2.ProgrammingError:
        # libpq's own message quotes the URL, password and all.
        raise InvalidSettingError(
            "A Postgres URL cannot be read.",
            "Check that special characters (@ : / # ? %) in the user and password are"
            " percent-encoded, as in postgresql://user:p%40ss@host:5432/database.",
        ) from None


def build_url(parameters: Mapping[str, str]) -> str:
    """Return a postgresql:// URL that libpq, psycopg2 and SQLAlchemy all read the same way."""
    user = quote(parameters.get("user", ""), safe="")
    password = quote(parameters.get("password", ""), safe="")
    login = f"{user}:{password}@" if password else f"{user}@" if user else ""
    host, port = parameters.get("host", ""), parameters.get("port", "")
    extra = {k: v for k, v in parameters.items() if k not in _NAMED_PARTS}
    # A socket folder or a list of hosts has no place in the host part that SQLAlchemy could read.
    if host.startswith(("/", "@")) or "," in host:
        extra |= {"host": host} | ({"port": port} if port else {})
        address = ""
    else:
        shown = f"[{host}]" if ":" in host else quote(host, safe="")
        address = f"{shown}:{port}" if port else shown
    query = f"?{urlencode(extra, quote_via=quote)}" if extra else ""
    return f"postgresql://{login}{address}/{quote(parameters.get('dbname', ''), safe='')}{query}"


def with_parameters(url: str, **changes: str) -> str:
    """Return the URL with some of its parameters (dbname, user, password...) replaced."""
    return build_url(parse_url(url) | changes)


def describe_url(url: str) -> str:
    """Return who and where a URL points to, without its password, for messages."""
    parts = parse_url(url)
    user, host = parts.get("user", "(default user)"), parts.get("host", "(default host)")
    return f"{user}@{host}:{parts.get('port', '5432')}/{parts.get('dbname', user)}"
