"""The tool that plants traps: adds rows to entities and remembers which trap they are for.

Put here what all traps share. Do not put here the traps (the other modules of this package).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from orchestration.contract.model import load_contract
from orchestration.demo.arrays import TAX_SCALE
from orchestration.demo.business import Business
from orchestration.demo.lines import LINE_TYPES, rates
from orchestration.demo.organizations import Location
from orchestration.demo.plan import Plan

Row = dict[str, Any]
UTC = ZoneInfo("UTC")
TORONTO, NIGHT, COAST = "l1", "l2", "l3"


@dataclass(slots=True)
class Planter:
    """Rows by entity; stale deliveries that come before or after the true row; names of traps."""

    plan: Plan
    business: Business
    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    before: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    after: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    traps: dict[str, list[dict[str, str]]] = field(default_factory=lambda: defaultdict(list))
    merged: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        """as_of as an aware instant."""
        return datetime.fromisoformat(str(self.plan.as_of)).replace(tzinfo=UTC)

    def add(self, trap: str, entity: str, organization: str = "maple", **columns: Any) -> Row:
        """Plant a row; instants may be aware datetimes. The row is listed under the trap's name."""
        row = {"organization_id": organization}
        row |= {name: _plain(value) for name, value in columns.items()}
        self.rows[entity].append(row)
        if trap:
            keys = {
                name: str(v) for name, v in row.items() if name.endswith("_id") and v is not None
            }
            kept = load_contract().entities[entity].full_key
            self.traps[trap].append({"entity": entity} | {k: keys[k] for k in kept if k in keys})
        return row

    def place(self, location: str, organization: str = "maple") -> Location:
        """A location of an organization."""
        owner = next(o for o in self.business.organizations if o.key == organization)
        return next(p for p in owner.locations if p.key == location)

    def at(
        self, days: int, clock: str, location: str = TORONTO, organization: str = "maple"
    ) -> datetime:
        """A clock time at a location, so many days before as_of's day (negative: ahead)."""
        zone = ZoneInfo(self.place(location, organization).timezone)
        today = self.now.astimezone(zone).date() - timedelta(days=days)
        return datetime.fromisoformat(f"{today}T{clock}").replace(tzinfo=zone)

    def booking(  # noqa: PLR0913 - what a planted row does not name, it takes from the defaults
        self,
        trap: str,
        key: str,
        start: datetime,
        *,
        minutes: int = 45,
        customer: str | None = None,
        location: str = TORONTO,
        organization: str = "maple",
        staff: str = "st0001",
        service: str = "s01",
        **columns: Any,
    ) -> Row:
        """A confirmed booking with one service, booked a week ahead unless said otherwise."""
        defaults: Row = {
            "location_id": location,
            "customer_id": customer,
            "status": "confirmed",
            "source": "phone",
            "created_at": min(start - timedelta(days=7), self.now),
            "start_at": start,
            "end_at": start + timedelta(minutes=minutes),
        }
        row = self.add(
            trap, "appointments", organization, appointment_id=key, **(defaults | columns)
        )
        self.add(
            "",
            "appointment_services",
            organization,
            appointment_id=key,
            appointment_service_id="1",
            service_id=service,
            staff_id=staff,
            start_at=start,
            duration_minutes=minutes,
            price=6000,
        )
        return row

    def ticket(  # noqa: PLR0913 - as for bookings
        self,
        trap: str,
        key: str,
        closed: datetime,
        lines: list[Row],
        *,
        location: str = TORONTO,
        organization: str = "maple",
        tenders: list[Row] | None = None,
        **columns: Any,
    ) -> int:
        """A ticket with its lines, paid by card unless tenders say otherwise; returns its total.

        Lines need line_type and gross_amount; tax follows from the location.
        """
        defaults: Row = {
            "location_id": location,
            "status": "closed",
            "created_at": closed - timedelta(minutes=5),
            "closed_at": closed,
        }
        head = self.add(trap, "sales", organization, sale_id=key, **(defaults | columns))
        total = self._lines(key, organization, location, lines)
        payments = [{"tender_type": "card", "amount": total}] if tenders is None else tenders
        for number, tender in enumerate(payments, start=1):
            if tenders is None and total <= 0:
                continue
            row = {"paid_at": closed, "customer_id": head.get("customer_id")} | tender
            self.add(
                "",
                "payments",
                organization,
                payment_id=f"{key}-{number}",
                sale_id=key,
                location_id=location,
                **row,
            )
        return total

    def _lines(self, key: str, organization: str, location: str, lines: list[Row]) -> int:
        place = self.place(location, organization)
        position = np.array([self.business.locations.index(place)])
        net, tax = 0, 0
        for number, line in enumerate(lines, start=1):
            row: Row = {"sale_line_id": str(number), "staff_id": "st0001"} | line
            kind = np.array([LINE_TYPES.index(row["line_type"])])
            amount = row["gross_amount"] - row.get("discount_amount", 0)
            if "tax_amount" not in row:
                row["tax_amount"] = amount * int(rates(self.business, kind, position)[0])
            net, tax = net + amount, tax + row["tax_amount"]
            self.add("", "sale_lines", organization, sale_id=key, **row)
        rounded = (2 * abs(tax) + TAX_SCALE) // (2 * TAX_SCALE)
        return int(net + (rounded if tax >= 0 else -rounded))


def service(gross: int, **columns: Any) -> Row:
    """A service line."""
    return {"line_type": "service", "item_id": "s01", "gross_amount": gross} | columns


def product(gross: int, **columns: Any) -> Row:
    """A product line."""
    return {"line_type": "product", "item_id": "p01", "gross_amount": gross} | columns


def _plain(value: Any) -> Any:
    """Aware datetimes as UTC without a zone, in whole seconds."""
    if isinstance(value, datetime):
        return np.datetime64(value.astimezone(UTC).replace(tzinfo=None), "s")
    return value
