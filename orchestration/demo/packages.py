"""Packages: who buys a series of their usual service, and which later visits use it up.

Put here the sale and the sessions of packages. Do not put here other discounts (discounts.py).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from orchestration.demo.arrays import NOT_A_TIME, Array, rank_in_runs, rank_within, round_half_away
from orchestration.demo.catalog import PACKAGE_PERCENT, PACKAGE_SESSIONS
from orchestration.demo.lines import PACKAGE, SERVICE, line_frame
from orchestration.demo.setting import Setting
from orchestration.demo.tickets import CLOSED

BUYERS = 0.09
YEAR = np.timedelta64(365 * 86_400, "s")
PACKAGE_DISCOUNT = 5


def sell_packages(
    setting: Setting, tickets: pd.DataFrame, lines: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Returns the lines with package sales and used sessions, the packages, the redemptions.

    A buyer's visits with their usual service go in rounds: one sells a package (and is paid for
    as usual), the next five use it up, as long as it has not lapsed after a year.
    """
    clients = setting.clients
    rng = setting.plan.random("packages")
    buys = (clients["kind"].to_numpy() >= 3) & (rng.random(len(clients)) < BUYERS)
    usual = _usual_services(clients, tickets, lines, buys)
    client = tickets["client"].to_numpy()[lines["ticket"].to_numpy()[usual]]
    at = tickets["closed_at"].to_numpy()[lines["ticket"].to_numpy()[usual]]
    step = rank_in_runs(client) % (PACKAGE_SESSIONS + 1)
    is_sale = step == 0
    package = np.cumsum(is_sale) - 1
    sold_at, sale_line = at[is_sale], usual[is_sale]
    is_used = ~is_sale & (at <= sold_at[package] + YEAR) if len(usual) else is_sale
    gross = lines["gross"].to_numpy()
    price = round_half_away(gross[sale_line] * PACKAGE_SESSIONS * PACKAGE_PERCENT, 100)
    packages = _packages(tickets, lines, sale_line, price)
    used = usual[is_used]
    lines.loc[used, "discount"] = gross[used]
    lines.loc[used, "discount_type"] = PACKAGE_DISCOUNT
    redemptions = _redemptions(tickets, lines, used, package[is_used])
    sale_lines = line_frame(
        lines["ticket"].to_numpy()[sale_line],
        PACKAGE,
        price,
        item=np.arange(len(packages)),
        staff=lines["staff"].to_numpy()[sale_line],
        discount=0,
        discount_type=-1,
        code=-1,
    )
    lines["redemption"] = -1
    lines.loc[used, "redemption"] = np.arange(len(used))
    sale_lines["redemption"] = -1
    return pd.concat([lines, sale_lines], ignore_index=True), packages, redemptions


def _usual_services(
    clients: pd.DataFrame, tickets: pd.DataFrame, lines: pd.DataFrame, buys: Array
) -> Array:
    """Lines with the usual service of a buyer on a closed ticket, in order of client and time."""
    ticket = lines["ticket"].to_numpy()
    client = tickets["client"].to_numpy()[ticket]
    known = np.maximum(client, 0)
    is_usual = (lines["line_type"].to_numpy() == SERVICE) & (client >= 0) & buys[known]
    is_usual &= lines["item"].to_numpy() == clients["main_service"].to_numpy()[known]
    is_usual &= tickets["location"].to_numpy()[ticket] == clients["home"].to_numpy()[known]
    is_usual &= tickets["status"].to_numpy()[ticket] == CLOSED
    chosen = np.flatnonzero(is_usual)
    at = tickets["closed_at"].to_numpy()[ticket[chosen]]
    return chosen[np.lexsort((at, client[chosen]))]


def _packages(
    tickets: pd.DataFrame,
    lines: pd.DataFrame,
    sale_line: Array,
    price: Array,
) -> pd.DataFrame:
    ticket = lines["ticket"].to_numpy()[sale_line]
    organization = tickets["organization"].to_numpy()[ticket]
    sold_at = tickets["closed_at"].to_numpy()[ticket]
    return pd.DataFrame(
        {
            "organization": organization,
            "number": rank_within(organization) + 1,
            "ticket": ticket,
            "location": tickets["location"].to_numpy()[ticket],
            "profile": tickets["profile"].to_numpy()[ticket],
            "service": lines["item"].to_numpy()[sale_line],
            "price": price,
            "sold_at": sold_at,
            "expires_at": sold_at + YEAR,
            "cancelled_at": np.full(len(sold_at), NOT_A_TIME),
        }
    )


def _redemptions(
    tickets: pd.DataFrame, lines: pd.DataFrame, used: Array, package: Array
) -> pd.DataFrame:
    ticket = lines["ticket"].to_numpy()[used]
    organization = tickets["organization"].to_numpy()[ticket]
    return pd.DataFrame(
        {
            "organization": organization,
            "number": rank_within(organization) + 1,
            "package": package,
            "ticket": ticket,
            "staff": lines["staff"].to_numpy()[used],
        }
    )
