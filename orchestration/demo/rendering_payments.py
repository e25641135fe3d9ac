"""Payments and refunds as entities.

Put here money in and money back. Do not put here what it was for (rendering_tills.py).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from orchestration.demo.arrays import Array, labels, rank_within
from orchestration.demo.payments import COMPLETED, PAYMENT_STATUSES, TENDERS
from orchestration.demo.refunds import REASONS, REFUND_STATUSES
from orchestration.demo.rendering import (
    Tables,
    currencies,
    frame,
    location_ids,
    numbered,
    organization_ids,
    profile_ids,
    staff_ids,
    where,
)
from orchestration.demo.simulation import Simulation


def render_payments(simulation: Simulation) -> Tables:
    """The entities of this module, by name."""
    owner = simulation.tickets["organization"].to_numpy()
    terse = simulation.business.flag("states_attendance")[owner]
    return {"payments": _payments(simulation, terse), "refunds": _refunds(simulation, terse)}


def _payments(simulation: Simulation, terse: Array) -> pd.DataFrame:
    payments, tickets = simulation.payments, simulation.tickets
    ticket = payments["ticket"].to_numpy()
    location = tickets["location"].to_numpy()[ticket]
    profile = tickets["profile"].to_numpy()[ticket]
    status = payments["status"].to_numpy()
    fee, tip = payments["fee"].to_numpy(), payments["tip"].to_numpy()
    return frame(
        organization_id=organization_ids(simulation, payments["organization"].to_numpy()),
        payment_id=numbered("pay", payments),
        sale_id=numbered("t", tickets, ticket),
        location_id=location_ids(simulation, location),
        customer_id=profile_ids(np.where(payments.index % 9 == 0, -1, profile)),
        status=labels(
            np.where((status == COMPLETED) & terse[ticket], -1, status), PAYMENT_STATUSES
        ),
        tender_type=labels(payments["tender"].to_numpy(), TENDERS),
        amount=payments["amount"].to_numpy(),
        tip_amount=where(tip, tip > 0),
        processing_fee_amount=where(fee, fee > 0),
        currency=currencies(simulation, location, ~terse[ticket]),
        gift_card_id=numbered("g", simulation.cards, payments["card"].to_numpy()),
        tip_staff_id=staff_ids(simulation, payments["tip_staff"].to_numpy()),
        paid_at=payments["at"],
    )


def _refunds(simulation: Simulation, terse: Array) -> pd.DataFrame:
    refunds, tickets = simulation.refunds, simulation.tickets
    ticket, line = refunds["ticket"].to_numpy(), refunds["line"].to_numpy()
    location = tickets["location"].to_numpy()[ticket]
    number = rank_within(simulation.lines["ticket"].to_numpy()) + 1
    lines = np.where(line >= 0, number[np.maximum(line, 0)], -1)
    status, tax = refunds["status"].to_numpy(), refunds["tax"].to_numpy()
    is_said = refunds["says_status"].to_numpy() | (status != COMPLETED)
    payment = refunds["payment"].to_numpy()
    return frame(
        organization_id=organization_ids(simulation, refunds["organization"].to_numpy()),
        refund_id=numbered("r", refunds),
        payment_id=numbered("pay", simulation.payments, payment),
        sale_id=numbered("t", tickets, ticket),
        sale_line_id=labels(lines, [str(n) for n in range(int(number.max()) + 1)]),
        location_id=location_ids(simulation, location),
        customer_id=profile_ids(tickets["profile"].to_numpy()[ticket]),
        status=labels(np.where(is_said, status, -1), REFUND_STATUSES),
        amount=refunds["amount"].to_numpy(),
        tax_amount=where(tax, tax >= 0),
        currency=currencies(simulation, location, ~terse[ticket]),
        reason=labels(refunds["reason"].to_numpy(), REASONS),
        refunded_at=refunds["at"],
    )
