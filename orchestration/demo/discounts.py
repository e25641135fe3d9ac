"""Discounts on service and product lines: membership, coupon, manual, comp; one kind a line.

Put here why and how much is taken off. Do not put here package sessions (packages.py) nor rewards
paid with points (loyalty.py).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from orchestration.demo.arrays import Array, pick, round_half_away
from orchestration.demo.lines import PRODUCT, SERVICE
from orchestration.demo.memberships import is_member_at
from orchestration.demo.setting import Setting

DISCOUNT_TYPES = ("coupon", "membership", "loyalty", "manual", "comp", "package")
COUPON, MEMBER, LOYALTY, MANUAL, COMP, SESSION = range(6)
CODES = ("WELCOME15", "SPRING10", "FRIENDS20")
PERCENT = np.array([15, 10, 20])
MEMBER_PERCENT = 10
USUAL_COUPON, SEEKER_COUPON = 0.04, 0.55


def give_discounts(
    setting: Setting, tickets: pd.DataFrame, lines: pd.DataFrame, memberships: pd.DataFrame
) -> None:
    """Fill `discount`, `discount_type` and `code` where a line has none yet."""
    clients = setting.clients
    rng = setting.plan.random("discounts")
    ticket = lines["ticket"].to_numpy()
    client = tickets["client"].to_numpy()
    seeks = clients["is_deal_seeker"].to_numpy()[np.maximum(client, 0)] & (client >= 0)
    has_coupon = rng.random(len(tickets)) < np.where(seeks, SEEKER_COUPON, USUAL_COUPON)
    code = pick(rng, [2, 4, 2], len(tickets))
    at = tickets["created_at"].to_numpy()
    is_member = is_member_at(memberships, len(clients), client, at)[ticket]
    line_type = lines["line_type"].to_numpy()
    is_free = (lines["discount_type"].to_numpy() < 0) & np.isin(line_type, (SERVICE, PRODUCT))
    draw = rng.random(len(lines))
    kind = np.full(len(lines), -1)
    kind[draw < 0.017] = MANUAL
    kind[draw < 0.002] = COMP
    kind[has_coupon[ticket]] = COUPON
    kind[is_member & (line_type == SERVICE)] = MEMBER
    kind = np.where(is_free, kind, -1)
    amount = _amounts(lines["gross"].to_numpy(), kind, PERCENT[code[ticket]])
    chosen = np.flatnonzero((kind >= 0) & (amount > 0))
    lines.loc[chosen, "discount"] = amount[chosen]
    lines.loc[chosen, "discount_type"] = kind[chosen]
    coupons = chosen[kind[chosen] == COUPON]
    lines.loc[coupons, "code"] = code[ticket[coupons]]


def _amounts(gross: Array, kind: Array, coupon_percent: Array) -> Array:
    percent = np.select(
        [kind == COUPON, kind == MEMBER, kind == COMP], [coupon_percent, MEMBER_PERCENT, 100], 0
    )
    amount = round_half_away(gross * percent, 100)
    return np.where(kind == MANUAL, np.minimum(gross, 500), amount)
