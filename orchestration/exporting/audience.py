"""Whom one export reaches in one organization over one channel, read as a stream.

Put here the query for members and for how many are withheld. Do not put here comparisons with
former exports (delta.py) or files.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg2 import sql

from orchestration.exporting.columns import ExportColumn
from orchestration.exporting.consent import CHANNELS, Channel, withheld_reason
from orchestration.exporting.definitions import ExportDefinition
from orchestration.exporting.snapshot import Cursor
from orchestration.postgres.connection import Connection

BATCH_ROWS = 10_000

Batch = Sequence[Sequence[Any]]

_MEMBERS = sql.SQL(
    """
    from marts.customer_segments as members
    inner join marts.customer_analytics as customers
        on members.organization_id = customers.organization_id
        and members.customer_id = customers.customer_id
    left join reference.currencies as currencies on customers.currency = currencies.currency
    where members.organization_id = %(organization_id)s and members.segment = %(segment)s
    """
)


@dataclass(frozen=True, slots=True)
class Audience:
    """One export, for one organization, over one channel."""

    number: int
    definition: ExportDefinition
    organization_id: str
    channel: Channel

    @property
    def parameters(self) -> dict[str, Any]:
        """The values that queries about this audience need."""
        return {
            "audience": self.number,
            "export_name": self.definition.name,
            "segment": self.definition.segment,
            "organization_id": self.organization_id,
            "channel": self.channel.name,
        }


def audiences_of(
    definitions: Sequence[ExportDefinition], organizations: Sequence[str]
) -> list[Audience]:
    """Return each export's audience for every organization and channel."""
    combinations = [
        (definition, organization_id, CHANNELS[channel])
        for definition in definitions
        for organization_id in organizations
        for channel in definition.channels
    ]
    return [Audience(number, *parts) for number, parts in enumerate(combinations, start=1)]


def members_query(audience: Audience, columns: Sequence[ExportColumn]) -> sql.Composable:
    """Return SQL for the clients of the segment who may be written to."""
    return sql.SQL("select {columns} {members} and {reason} is null").format(
        columns=sql.SQL(", ").join(column.expression for column in columns),
        members=_MEMBERS,
        reason=withheld_reason(audience.channel),
    )


def stream_members(
    connection: Connection, audience: Audience, columns: Sequence[ExportColumn]
) -> Generator[Batch]:
    """Yield all members in batches, ordered by customer_id."""
    query = sql.SQL("{} order by members.customer_id").format(members_query(audience, columns))
    return stream(connection, query, audience)


def stream(connection: Connection, query: sql.Composable, audience: Audience) -> Generator[Batch]:
    """Yield a query's rows in batches through a cursor on the server, so that memory stays flat."""
    with connection.cursor(name="chairside_export") as cursor:
        cursor.execute(query, audience.parameters)
        while batch := cursor.fetchmany(BATCH_ROWS):
            yield batch


def count_withheld(cursor: Cursor, audience: Audience) -> dict[str, int]:
    """Return how many clients of the segment are left out, by reason; who they are is not read."""
    query = sql.SQL(
        "select reason, count(*) from (select {reason} as reason {members}) as candidates"
        " where reason is not null group by reason order by reason"
    )
    cursor.execute(
        query.format(reason=withheld_reason(audience.channel), members=_MEMBERS),
        audience.parameters,
    )
    return dict(cursor.fetchall())
