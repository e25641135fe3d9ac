"""A rebuild from nothing without dbt's own time: the SQL that dbt compiled, run in its order.

Put here what makes a rebuild take a second or two. Do not put here the first build, which only dbt
itself may make (warehouses.py): its tables, types and seeds are what this fills again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg2 import sql

from orchestration.dbt.project import DbtPaths
from orchestration.postgres.connection import Connection, connect
from orchestration.refresh.scope.plan import plan_pass

# What a warehouse remembers from one refresh to the next.
KNOWN = [sql.Identifier("ops", name) for name in ("organization_states", "alarms", "row_changes")]


@dataclass(frozen=True)
class Model:
    """A table that dbt builds, the query that it is built from, and where it is published."""

    schema: str
    name: str
    query: str
    published_schema: str | None


def compiled_models(paths: DbtPaths) -> list[Model]:
    """Return every model that is a table, those that it reads before it."""
    manifest = json.loads(paths.manifest.read_text(encoding="utf-8"))
    models = {i: n for i, n in manifest["nodes"].items() if n["resource_type"] == "model"}
    ordered: dict[str, Mapping[str, Any]] = {}
    for unique_id in models:
        _add(unique_id, models, ordered)
    return [
        Model(
            node["schema"],
            node["alias"],
            _compiled(paths, node),
            node["config"]["meta"].get("published_schema"),
        )
        for node in ordered.values()
        if node["config"]["materialized"] != "view"
    ]


def _add(unique_id: str, models: Mapping[str, Any], ordered: dict[str, Mapping[str, Any]]) -> None:
    if unique_id in models and unique_id not in ordered:
        for parent in models[unique_id]["depends_on"]["nodes"]:
            _add(parent, models, ordered)
        ordered[unique_id] = models[unique_id]


def _compiled(paths: DbtPaths, node: Mapping[str, Any]) -> str:
    folder = paths.target / "compiled" / node["package_name"]
    text = (folder / node["original_file_path"]).read_text(encoding="utf-8")
    # The database that the manifest names is not the one that this runs in.
    return text.replace(f'"{node["database"]}".', "")


def fill_again(url: str, models: list[Model], as_of: datetime) -> None:
    """Empty every table and compute it from the raw rows, as a refresh at an instant would."""
    with connect(url, autocommit=True) as connection:
        forget(connection, models)
        _put_everything_in_scope(connection, as_of)
    with connect(url) as connection:
        for model in models:
            _fill(connection, (model.schema, model.name), sql.SQL(model.query))
        for model in models:
            if model.published_schema:
                built = sql.SQL("select * from {}").format(_name(model.schema, model.name))
                _fill(connection, (model.published_schema, model.name), built)
        connection.commit()


def forget(connection: Connection, models: list[Model]) -> None:
    """Empty the public tables, and what a warehouse remembers of its refreshes."""
    public = [
        _name(model.published_schema, model.name) for model in models if model.published_schema
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("truncate {}").format(sql.SQL(", ").join([*public, *KNOWN])))
        cursor.execute("delete from ops.refreshes")


def _put_everything_in_scope(connection: Connection, as_of: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into ops.refreshes (status, mode, as_of, triggered_by)"
            " values ('running', 'full', %s, 'the proof') returning refresh_id",
            (as_of,),
        )
        (refresh_id,) = cursor.fetchone() or (0,)
    planned = plan_pass(
        connection, refresh_id=refresh_id, as_of=as_of, definitions="the proof's", is_first=True
    )
    assert planned is None or planned.is_last, "the rebuild must take all organizations at once"


def _fill(connection: Connection, table: tuple[str, str], query: sql.Composable) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select array_agg(attname::text order by attnum) from pg_catalog.pg_attribute"
            " where attrelid = %s::regclass and attnum > 0 and not attisdropped",
            (_name(*table).as_string(connection),),
        )
        (columns,) = cursor.fetchone() or ([],)
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        cursor.execute(sql.SQL("truncate {}").format(_name(*table)))
        cursor.execute(
            sql.SQL("insert into {} ({}) select {} from ({}) as built").format(
                _name(*table), names, names, query
            )
        )


def _name(schema: str, table: str) -> sql.Identifier:
    return sql.Identifier(schema, table)
