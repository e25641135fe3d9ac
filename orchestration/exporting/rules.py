"""The rules behind the published tables, as far as an export must state or rely on them.

Put here what is read from the reference tables. Do not put here the rules themselves
(seeds/reference) or consent (consent.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from orchestration.errors import ChairsideError
from orchestration.exporting.snapshot import Cursor


@dataclass(frozen=True, slots=True)
class SegmentRule:
    """What a segment means: in words, by which version of the metrics, with which thresholds."""

    description: str
    metrics_version: str | None
    thresholds: tuple[dict[str, Any], ...]


def require_known_currencies(cursor: Cursor) -> None:
    """Raise ChairsideError where money is in a currency whose minor unit is not known."""
    cursor.execute(
        """
        select distinct customers.currency
        from marts.customer_analytics as customers
        where customers.currency is not null and not exists (
            select 1 from reference.currencies as currencies
            where currencies.currency = customers.currency
        )
        """
    )
    if unknown := sorted(currency for (currency,) in cursor.fetchall()):
        raise ChairsideError(
            f"How many decimals these currencies have is not known: {', '.join(unknown)}.",
            "Add them to seeds/reference/currencies.csv and refresh.",
        )


def read_segment_rule(cursor: Cursor, segment: str) -> SegmentRule:
    """Return a segment's rule as the reference tables state it.

    Raises ChairsideError when there is no such segment.
    """
    cursor.execute(
        """
        select segments.description, version.definition_version
        from reference.segments as segments
        left join (
            select definition_version from marts.customer_analytics limit 1
        ) as version on true
        where segments.segment = %s
        """,
        (segment,),
    )
    row = cursor.fetchone()
    if row is None:
        raise ChairsideError(
            f"There is no segment {segment} in reference.segments.",
            "Correct the export in dbt_project/models/exposures.yml, or the seed.",
        )
    description, metrics_version = row
    cursor.execute(
        """
        select threshold, currency, cast(value as text), unit
        from reference.segment_thresholds
        where segment = %s
        order by threshold, currency nulls first
        """,
        (segment,),
    )
    names = ("threshold", "currency", "value", "unit")
    thresholds = tuple(dict(zip(names, values, strict=True)) for values in cursor.fetchall())
    return SegmentRule(description, metrics_version, thresholds)
