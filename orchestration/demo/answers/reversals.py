"""What refunds take back, line by line.

Put here the spreading of refunds. Do not put here which refunds count (sales.py) nor when
(finance.py).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from orchestration.demo.answers.books import OWNER
from orchestration.demo.answers.spreading import spread
from orchestration.demo.arrays import Array, round_half_away

TICKET = [OWNER, "sale_id"]


def make_reversals(refunds: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """A row per refund and line, `net` and `tax`; unlinked refunds whole, without a line.

    A refund of a ticket with returned lines pays for those, which already count as returns.
    """
    returned = lines[lines["is_return"]].groupby(TICKET)["total"].sum().rename("back")
    rows = refunds.merge(returned, how="left", left_on=TICKET, right_index=True)
    rows = rows[rows["back"].isna() & (rows["link"] != "unallocated")].reset_index(drop=True)
    alone = rows[rows["link"] == "unlinked"]
    stated = alone["tax_amount"].fillna(0).astype("int64")
    unlinked = alone[[OWNER, "refund_id"]].assign(net=alone["amount"] - stated, tax=stated)
    parts = _parts(_cells(rows, lines), len(rows))
    facts = rows[[OWNER, "refund_id", "place", "person", "day", "currency"]]
    return pd.concat([parts, unlinked], ignore_index=True).merge(facts, on=[OWNER, "refund_id"])


def _cells(refunds: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Each refund with the line that it names, else with all lines sold on its ticket."""
    linked = refunds[refunds["link"].isin(("line", "ticket"))]
    linked = linked.rename_axis("refund").reset_index()
    cells = linked.merge(lines[~lines["is_return"]], on=TICKET, suffixes=("", "_line"))
    same = cells["sale_line_id"].isna() | (cells["sale_line_id"] == cells["sale_line_id_line"])
    return cells[same].sort_values(["refund", "sale_line_id_line"], kind="stable")


def _parts(cells: pd.DataFrame, refunds: int) -> pd.DataFrame:
    """Tax as stated, else its share of the lines; net and tax each spread over the lines."""
    group = cells["refund"].to_numpy()
    net, tax = cells["net"].to_numpy(), cells["tax"].to_numpy()
    net_sum, tax_sum = _sum(group, net, refunds), _sum(group, tax, refunds)
    amount = cells["amount"].to_numpy()
    share = round_half_away(amount * tax_sum, np.maximum(net_sum + tax_sum, 1))
    stated = cells["tax_amount"].astype("Float64")
    tax_part = stated.fillna(pd.Series(share, index=cells.index)).to_numpy(dtype=np.int64)
    net_part = amount - tax_part
    parts = cells[[OWNER, "refund_id", "line_type", "staff_id"]].reset_index(drop=True)
    return parts.assign(
        net=spread(net_part * net, np.maximum(net_sum, 1), net_part, group),
        tax=spread(tax_part * tax, np.maximum(tax_sum, 1), tax_part, group),
    )


def _sum(group: Array, values: Array, size: int) -> Array:
    return np.bincount(group, values, size).astype(np.int64)[group]
