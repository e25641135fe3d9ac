"""The refresh that a validation belongs to: its clock, and what readers see now.

Put here what SQL of profiles may ask for as a parameter. Do not put here writing of refreshes
(orchestration/refresh).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from orchestration.postgres.connection import Connection


@dataclass(frozen=True, slots=True)
class Moment:
    """When the data is judged, and what it may be compared with."""

    as_of: datetime
    # The last load that the public tables hold; None before the first publication.
    published_load_id: int | None
    # False where losing rows is meant: nothing published yet, an earlier clock, a full refresh.
    compares: bool

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters of every profile, by name."""
        return asdict(self)


def moment_of(connection: Connection, refresh_id: int | None) -> Moment:
    """Return the moment of a refresh; without a number, of the one that runs or ran last.

    Before any refresh it is the server's clock.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select
                coalesce(judged.as_of, clock_timestamp()),
                published.through_load_id,
                coalesce(
                    judged.mode <> 'full' and published.as_of <= judged.as_of, false
                )
            from (select 1) as always
            left join ops.refreshes as judged
                on judged.refresh_id = coalesce(
                    %(refresh_id)s, (select refresh_id from ops.refresh_context)
                )
            left join ops.refreshes as published
                on published.refresh_id = (
                    select max(refreshes.refresh_id) from ops.refreshes as refreshes
                    where refreshes.published_at is not null
                )
            """,
            {"refresh_id": refresh_id},
        )
        row = cursor.fetchone()
    if row is None:
        raise AssertionError("a query over a constant returns a row")
    return Moment(*row)
