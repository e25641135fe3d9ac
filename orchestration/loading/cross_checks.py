"""Checks that need other rows: duplicate keys, currencies, exact money, refunds against payments.

Put here the statements that find rows which may not be loaded, run on a stage before its upsert;
parents are in raw by then. Do not put here warnings about unknown parents (references.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from psycopg2 import sql

from orchestration.loading.currencies import minor_unit_exponents
from orchestration.loading.stage import Stage
from orchestration.loading.upsert import key_match


@dataclass(frozen=True, slots=True)
class CrossCheck:
    """A select of (tid, _file, _line, column_name, severity, reason) over a stage."""

    select: sql.Composable
    parameters: dict[str, object]
    # Stage columns without which there is nothing to check.
    needs: frozenset[str] = frozenset()


def checks_of(stage: Stage) -> list[CrossCheck]:
    """Return the checks that apply to an entity's columns, in the order in which they must run."""
    entity = stage.entity
    checks = []
    if entity.same_currency:
        checks.append(_same_currency(stage))
    if entity.name in EXACT_MONEY:
        checks += [_exact_money(stage, column) for column in EXACT_MONEY[entity.name]]
    if entity.name == "refunds":
        checks.append(_refund_within_payment(stage))
    return [check for check in checks if check.needs <= stage.columns]


# Money that moved is whole in the currency's smallest unit; a price or a line's tax need not be.
EXACT_MONEY = {"payments": ("amount", "tip_amount"), "refunds": ("amount", "tip_amount")}


def has_duplicates(stage: Stage) -> bool:
    """Whether any key stands more than once in the stage."""
    statement = sql.SQL("select 1 from {} group by {} having count(*) > 1 limit 1").format(
        stage.table, sql.SQL(", ").join(sql.Identifier(name) for name in stage.entity.full_key)
    )
    with stage.connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone() is not None


def duplicates(stage: Stage) -> CrossCheck:
    """Return the rows that yield to another row of the same key.

    The highest version wins, then the latest updated_at, then the last row. A loser of an older
    version is no problem (severity null), an exact repetition is a warning, a contradiction an
    error.
    """
    entity = stage.entity
    content = sql.SQL(", ").join(
        sql.Identifier("s", name) for name in entity.column_names if name in stage.columns
    )
    select = sql.SQL(
        "select d.tid, d._file, d._line, {key_name} as column_name,"
        " case when d.newness < d.best then null when d.content = d.winner then 'warning'"
        " else 'error' end as severity,"
        " case when d.content = d.winner then 'repeats line ' || d.winner_line || ' exactly'"
        " else 'has the same key as line ' || d.winner_line || ', of the same version, and says"
        " something else; the last one was kept' end as reason"
        " from (select s.ctid as tid, s._file, s._line, row({content})::text as content,"
        " {newness} as newness, first_value({newness}) over w as best,"
        " first_value(row({content})::text) over w as winner, first_value(s._line) over w"
        " as winner_line, row_number() over w as place"
        " from {stage} as s join (select {key} from {stage} group by {key} having count(*) > 1)"
        " as t on {match} window w as (partition by {s_key} order by {newness} desc, s._file desc,"
        " s._line desc)) as d where d.place > 1"
    ).format(
        key_name=sql.Literal(entity.full_key[-1]),
        content=content,
        newness=sql.SQL("(coalesce(s.version, -1), coalesce(s.updated_at, '-infinity'))"),
        stage=stage.table,
        key=sql.SQL(", ").join(sql.Identifier(name) for name in entity.full_key),
        s_key=sql.SQL(", ").join(sql.Identifier("s", name) for name in entity.full_key),
        match=key_match(entity, "t", "s"),
    )
    return CrossCheck(select, {})


def _same_currency(stage: Stage) -> CrossCheck:
    select = sql.SQL(
        "select s.ctid as tid, s._file, s._line, 'currency' as column_name, 'error' as severity,"
        " s.currency || ' is not the currency of location ' || s.location_id || ', which uses '"
        " || l.currency as reason from {stage} as s join raw_native.locations as l"
        " on l.organization_id = s.organization_id and l.location_id = s.location_id"
        " where s.currency <> l.currency"
    ).format(stage=stage.table)
    return CrossCheck(select, {}, frozenset({"currency", "location_id"}))


def _exact_money(stage: Stage, column: str) -> CrossCheck:
    select = sql.SQL(
        "select s.ctid as tid, s._file, s._line, {name} as column_name, 'error' as severity,"
        " s.{column} || ' ' || c.currency || ' is finer than the smallest unit of the currency,"
        " which has ' || case c.exponent when 0 then 'no' else c.exponent::text end ||"
        " ' decimals' as reason from {stage} as s left join raw_native.locations as l"
        " on l.organization_id = s.organization_id and l.location_id = s.location_id"
        " join unnest(%(currencies)s::text[], %(exponents)s::int[]) as c (currency, exponent)"
        " on c.currency = coalesce(s.currency, l.currency)"
        " where s.{column} <> round(s.{column}, c.exponent)"
    ).format(name=sql.Literal(column), column=sql.Identifier(column), stage=stage.table)
    exponents = minor_unit_exponents()
    parameters = {"currencies": list(exponents), "exponents": list(exponents.values())}
    return CrossCheck(select, parameters, frozenset({column}))


def _refund_within_payment(stage: Stage) -> CrossCheck:
    """Reject the refunds with which a payment would have been given back more than once."""
    select = sql.SQL(
        "with given as (select s.organization_id, s.payment_id, s.ctid as tid, s._file, s._line,"
        " s.refunded_at, s.refunded_date, s.amount + coalesce(s.tip_amount, 0) as amount"
        " from {stage} as s where s.payment_id is not null and s.deleted_at is null"
        " and coalesce(s.status, 'completed') = 'completed'"
        " union all select r.organization_id, r.payment_id, null, null, null, r.refunded_at,"
        " r.refunded_date, r.amount + coalesce(r.tip_amount, 0) from raw_native.refunds as r"
        " where not r._is_deleted and coalesce(r.status, 'completed') = 'completed'"
        " and (r.organization_id, r.payment_id) in"
        " (select organization_id, payment_id from {stage})"
        " and not exists (select from {stage} as s where {match})),"
        " running as (select *, sum(amount) over (partition by organization_id, payment_id"
        " order by tid is not null, refunded_at, refunded_date, _file, _line) as total from given)"
        " select g.tid, g._file, g._line, 'amount' as column_name, 'error' as severity,"
        " 'with this refund ' || g.total || ' would have been given back of payment ' ||"
        " g.payment_id || ', which was ' || (p.amount + coalesce(p.tip_amount, 0)) as reason"
        " from running as g join raw_native.payments as p"
        " on p.organization_id = g.organization_id and p.payment_id = g.payment_id"
        " where g.tid is not null and g.total > p.amount + coalesce(p.tip_amount, 0)"
    ).format(stage=stage.table, match=key_match(stage.entity, "s", "r"))
    return CrossCheck(select, {}, frozenset({"payment_id", "amount"}))
