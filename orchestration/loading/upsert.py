"""Moving a stage into its raw table: insert, replace what is newer and differs, mark the vanished.

Put here the statements that write raw_native. Do not put here checks (cross_checks.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from psycopg2 import sql

from orchestration.contract.model import Entity
from orchestration.contract.tables import table_name
from orchestration.loading.stage import Stage
from orchestration.warehouse.query import fetch_value

_META = ("_source_system", "_load_id", "_loaded_at", "_is_deleted", "_source_file", "_source_line")


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a load writes beside every row that it changes."""

    load_id: int
    source_system: str
    started_at: datetime
    file_names: tuple[str, ...]

    def parameters(self) -> dict[str, object]:
        """Return the values by the names that the statements use."""
        return {
            "load_id": self.load_id,
            "source_system": self.source_system,
            "started_at": self.started_at,
            "file_names": list(self.file_names),
        }


def key_match(entity: Entity, left: str, right: str) -> sql.Composable:
    """Return the join condition on an entity's key; empty optional parts equal each other."""
    conditions = []
    for name in entity.full_key:
        sides = [sql.Identifier(alias, name) for alias in (left, right)]
        if entity.by_name[name].required:
            conditions.append(sql.SQL("{} = {}").format(*sides))
        else:
            # A null-safe comparison would rule out hash joins.
            conditions.append(sql.SQL("coalesce({}, '') = coalesce({}, '')").format(*sides))
    return sql.SQL(" and ").join(conditions)


# Nulls are lowest; of equal versions the later load wins.
NOT_OLDER = sql.SQL(
    "(coalesce(s.version, -1), coalesce(s.updated_at, '-infinity'))"
    " >= (coalesce(r.version, -1), coalesce(r.updated_at, '-infinity'))"
)


def _differs(entity: Entity) -> sql.Composable:
    new = [sql.Identifier("s", name) for name in entity.column_names]
    old = [sql.Identifier("r", name) for name in entity.column_names]
    return sql.SQL(
        "({}, (s.deleted_at is not null), %(source_system)s)"
        " is distinct from ({}, r._is_deleted, r._source_system)"
    ).format(sql.SQL(", ").join(new), sql.SQL(", ").join(old))


def _new_meta() -> sql.Composable:
    return sql.SQL(
        "%(source_system)s, %(load_id)s, %(started_at)s, s.deleted_at is not null,"
        " (%(file_names)s::text[])[s._file + 1], s._line"
    )


def _identifiers(names: tuple[str, ...], *alias: str) -> sql.Composable:
    return sql.SQL(", ").join(sql.Identifier(*alias, name) for name in names)


def has_rows(stage: Stage) -> bool:
    """Whether raw holds any row of the entity yet."""
    statement = sql.SQL("select exists (select from {})").format(table_name(stage.entity))
    return bool(fetch_value(stage.connection, statement))


def count_deleted(stage: Stage, stamp: Stamp) -> dict[int, int]:
    """Return by file how many live rows of raw the stage is about to mark deleted."""
    if "deleted_at" not in stage.columns:
        return {}
    statement = sql.SQL(
        "select s._file, count(*) from {stage} as s join {raw} as r on {match}"
        " where s.deleted_at is not null and not r._is_deleted and {not_older} group by 1"
    )
    return _by_file(stage, statement, stamp)


def journal_changed(stage: Stage, stamp: Stamp) -> None:
    """Keep rows of raw as they are before `update_changed` replaces them.

    A refresh recomputes the keys that a row named before as well as those that it names now.
    """
    statement = sql.SQL(
        "insert into ops.row_changes (load_id, entity, organization_id, key, old_row)"
        " select %(load_id)s, {entity}, r.organization_id, r.{key}, to_jsonb(r)"
        " from {raw} as r join {stage} as s on {match} where {not_older} and {differs}"
    )
    _execute(stage, statement, stamp, _journal_parts(stage.entity))


def _journal_parts(entity: Entity) -> dict[str, sql.Composable]:
    key = entity.key[0] if entity.key else "organization_id"
    return {"entity": sql.Literal(entity.name), "key": sql.Identifier(key)}


def update_changed(stage: Stage, stamp: Stamp) -> dict[int, int]:
    """Replace rows of raw whose staged version is not older and differs; return counts by file."""
    names = stage.entity.column_names
    statement = sql.SQL(
        "with changed as (update {raw} as r set ({columns}, {meta}) = row({new}, {new_meta})"
        " from {stage} as s where {match} and {not_older} and {differs} returning s._file)"
        " select _file, count(*) from changed group by 1"
    )
    return _by_file(
        stage,
        statement,
        stamp,
        columns=_identifiers(names),
        new=_identifiers(names, "s"),
    )


def insert_new(stage: Stage, stamp: Stamp, raw_is_empty: bool) -> dict[int, int]:
    """Insert staged rows that raw does not have; return counts by file."""
    names = tuple(name for name in stage.entity.column_names if name in stage.columns)
    new_only = sql.SQL(
        "" if raw_is_empty else " where not exists (select from {raw} as r where {match})"
    )
    insert = sql.SQL(
        "insert into {raw} ({columns}, {meta}) select {new}, {new_meta} from {stage} as s"
    )
    if raw_is_empty:
        stage.same_rows = table_name(stage.entity)
    parts = {"columns": _identifiers(names), "new": _identifiers(names, "s")}
    if len(stamp.file_names) == 1:
        inserted = _execute(stage, insert + new_only, stamp, parts)
        return {0: inserted}
    counted = (
        sql.SQL("with added as (")
        + insert
        + new_only
        + sql.SQL(
            " returning _source_file)"
            " select array_position(%(file_names)s::text[], _source_file) - 1,"
            " count(*) from added group by 1"
        )
    )
    return _by_file(stage, counted, stamp, **parts)


def mark_vanished(stage: Stage, stamp: Stamp, spared: sql.Identifier) -> int:
    """Mark rows deleted that a snapshot of their organization no longer has; return how many.

    Rows whose key stands in the `spared` table were in the file, but rejected.
    """
    statement = sql.SQL(
        "with gone as (update {raw} as r set _is_deleted = true, _load_id = %(load_id)s,"
        " _loaded_at = %(started_at)s"
        " where r._source_system = %(source_system)s and not r._is_deleted"
        " and r.organization_id in (select distinct organization_id from {stage})"
        " and not exists (select from {stage} as s where {match})"
        " and not exists (select from {spared} as p where {spared_match}) returning r.*)"
        # Only the mark differs from the row before.
        " insert into ops.row_changes (load_id, entity, organization_id, key, old_row)"
        " select %(load_id)s, {entity}, organization_id, {key},"
        " to_jsonb(gone) || '{{\"_is_deleted\": false}}' from gone"
    )
    parts = {
        "spared": spared,
        "spared_match": key_match(stage.entity, "p", "r"),
        **_journal_parts(stage.entity),
    }
    return _execute(stage, statement, stamp, parts)


def _format(
    stage: Stage, statement: sql.Composable, parts: dict[str, sql.Composable]
) -> sql.Composable:
    text = statement.as_string(stage.connection)
    return sql.SQL(text).format(
        raw=table_name(stage.entity),
        stage=stage.table,
        match=key_match(stage.entity, "s", "r"),
        meta=_identifiers(_META),
        new_meta=_new_meta(),
        not_older=NOT_OLDER,
        differs=_differs(stage.entity),
        **parts,
    )


def _execute(
    stage: Stage, statement: sql.Composable, stamp: Stamp, parts: dict[str, sql.Composable]
) -> int:
    with stage.connection.cursor() as cursor:
        cursor.execute(_format(stage, statement, parts), stamp.parameters())
        return int(cursor.rowcount)


def _by_file(
    stage: Stage, statement: sql.Composable, stamp: Stamp, **parts: sql.Composable
) -> dict[int, int]:
    with stage.connection.cursor() as cursor:
        cursor.execute(_format(stage, statement, parts), stamp.parameters())
        return {int(file): int(rows) for file, rows in cursor}
