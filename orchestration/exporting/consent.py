"""Who may be written to over a channel, as SQL over marts.customer_analytics.

Put here channels, the consent each needs and the reasons for leaving a client out. Do not put here
which exports use which channel (dbt_project/models/exposures.yml) or how a client joins a segment.
"""

from __future__ import annotations

from dataclasses import dataclass

from psycopg2 import sql


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to reach a client: the consent that it needs and the address that it uses."""

    name: str
    consent_column: str
    address_column: str

    @property
    def rule(self) -> str:
        """The rule in words, for manifests."""
        return (
            f"{self.consent_column} is true (never asked counts as no), "
            f"is_suppressed is not true, {self.address_column} is not empty"
        )


CHANNELS = {
    "email": Channel("email", "email_consent", "email"),
    "sms": Channel("sms", "sms_consent", "phone"),
}
ADDRESS_COLUMNS = frozenset(channel.address_column for channel in CHANNELS.values())

# Why a client of the segment is left out. A client is counted once, under the first that applies.
WITHHELD_REASONS = (
    "suppressed",
    "consent_never_asked",
    "consent_refused",
    "address_missing",
)


def withheld_reason(channel: Channel) -> sql.Composable:
    """Return SQL for why a row `customers` is left out, NULL where the client may be written to."""
    return sql.SQL(
        """case
            when customers.is_suppressed then 'suppressed'
            when customers.{consent} is null then 'consent_never_asked'
            when not customers.{consent} then 'consent_refused'
            when btrim(coalesce(customers.{address}, '')) = '' then 'address_missing'
        end"""
    ).format(
        consent=sql.Identifier(channel.consent_column),
        address=sql.Identifier(channel.address_column),
    )


def removal_reason(channel: Channel) -> sql.Composable:
    """Return SQL for why a former member is gone; what forbids contact comes before all else.

    `customers` is the client's row in marts.customer_analytics, all NULL where there is none: the
    profile was deleted, or merged into another.
    """
    return sql.SQL(
        """case
            when customers.customer_id is null then 'deleted'
            else coalesce(
                case {withheld}
                    when 'consent_never_asked' then 'consent_withdrawn'
                    when 'consent_refused' then 'consent_withdrawn'
                    else {withheld}
                end,
                'left_segment'
            )
        end"""
    ).format(withheld=withheld_reason(channel))
