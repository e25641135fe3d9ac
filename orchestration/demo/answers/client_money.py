"""What clients spent, saved, gave back and hold in points.

Put here answers about clients' money. Do not put here the days of the business (finance.py).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from orchestration.demo.answers.books import OWNER, Books
from orchestration.demo.answers.clients import WHO
from orchestration.demo.answers.sales import Sales
from orchestration.demo.answers.spreading import ratio

MONTH = np.timedelta64(30 * 86_400, "s")


def main_currency(books: Books, sales: Sales, clients: pd.DataFrame) -> pd.DataFrame:
    """The currency of most of a client's tickets, else payments, else home; and the others."""
    goods = sales.lines[sales.lines["is_goods"] & ~sales.lines["is_return"]]
    tickets = goods.drop_duplicates([*WHO, "sale_id", "currency"])
    uses = [
        rows[rows["person"].notna()]
        .groupby([*WHO, "currency"])
        .size()
        .rename("uses")
        .reset_index()
        .assign(basis=basis)
        for basis, rows in ((1, tickets), (2, sales.payments))
    ]
    ranked = pd.concat(uses).sort_values(
        [*WHO, "basis", "uses", "currency"], ascending=[True, True, True, False, True]
    )
    main = ranked.drop_duplicates(WHO).set_index(WHO)["currency"]
    homes = np.array([place.currency for place in books.business.locations])
    owners = clients.index.get_level_values(OWNER)
    default = owners.map({o.key: o.currency for o in books.business.organizations})
    named = clients["home_location_id"].notna().to_numpy()
    fallback = np.where(named, homes[clients["place"].to_numpy()], default)
    result = pd.DataFrame(index=clients.index)
    result["currency"] = main
    result["currency"] = result["currency"].fillna(pd.Series(fallback, index=clients.index))
    both = ranked.merge(main.rename("main"), left_on=WHO, right_index=True)
    others = both[both["currency"] != both["main"]].groupby(WHO)["currency"]
    result["other_currencies"] = others.agg(lambda values: sorted(set(values)))
    return result


def _in_main(rows: pd.DataFrame, currency: pd.Series) -> pd.DataFrame:
    kept = rows[rows["person"].notna()]
    main = currency.rename("main")
    kept = kept.merge(main, left_on=WHO, right_index=True)
    return kept[kept["currency"] == kept["main"]]


def _sum(rows: pd.DataFrame, column: str, index: pd.Index[Any]) -> pd.Series:
    return rows.groupby(WHO)[column].sum().reindex(index).fillna(0).astype("Int64")


def money_answers(books: Books, sales: Sales, currency: pd.Series) -> pd.DataFrame:
    """Sums over closed tickets, completed payments and refunds in the client's own currency."""
    index = currency.index
    lines = _in_main(sales.lines, currency)
    goods = lines[lines["is_goods"]]
    of = {name: lines[lines["line_type"] == name] for name in lines["line_type"].unique()}
    nothing = lines.iloc[:0]
    result = pd.DataFrame(index=index)
    result["gross_minor"] = _sum(goods, "gross", index)
    result["discount_minor"] = _sum(goods, "discount", index)
    result["net_service_minor"] = _sum(of.get("service", nothing), "net", index)
    result["net_retail_minor"] = _sum(of.get("product", nothing), "net", index)
    result["tax_minor"] = _sum(lines, "tax", index)
    result["gift_cards_bought_minor"] = _sum(of.get("gift_card", nothing), "net", index)
    result["packages_bought_minor"] = _sum(of.get("package", nothing), "net", index)
    reversed_ = _in_main(sales.reversals, currency)
    is_goods = reversed_["line_type"].fillna("product").isin(("service", "product"))
    reversed_ = reversed_[is_goods]
    spent = result["net_service_minor"] + result["net_retail_minor"]
    result["net_lifetime_minor"] = spent - _sum(reversed_, "net", index)
    recent, back = _last_year(books, goods, "service_day"), _last_year(books, reversed_, "day")
    result["net_12m_minor"] = _sum(recent, "net", index) - _sum(back, "net", index)
    refunds = _in_main(sales.refunds, currency)
    result["refunds_minor"] = _sum(refunds, "amount", index)
    result["retail_only_tickets"] = _retail_only(sales, index)
    return result.join(_payment_answers(sales, currency)).join(_discount_answers(goods, result))


def _retail_only(sales: Sales, index: pd.Index[Any]) -> pd.Series:
    """Tickets, in any currency, on which the client bought products and nobody had a service."""
    sold = sales.lines[sales.lines["is_goods"] & ~sales.lines["is_return"]]
    has_service = (sold["line_type"] == "service").groupby([sold[OWNER], sold["sale_id"]])
    only = sold[~has_service.transform("any")].drop_duplicates([*WHO, "sale_id"])
    counts = only.groupby(WHO).size()
    return counts.reindex(index).fillna(0).astype("Int64")


def _last_year(books: Books, rows: pd.DataFrame, day: str) -> pd.DataFrame:
    today = books.today.to_numpy()[rows["place"].to_numpy()]
    return rows[(today - rows[day].to_numpy()).astype("timedelta64[D]").astype(int) < 365]


def _payment_answers(sales: Sales, currency: pd.Series) -> pd.DataFrame:
    index = currency.index
    known = sales.payments[sales.payments["person"].notna()]
    own = _in_main(sales.payments, currency)
    result = pd.DataFrame(index=index)
    result["tips_minor"] = _sum(own, "tip", index)
    cards = own[own["tender_type"] == "gift_card"]
    result["gift_cards_redeemed_minor"] = _sum(cards, "amount", index)
    result["payments"] = known.groupby(WHO).size().reindex(index).fillna(0).astype("Int64")
    result["last_payment_at"] = known.groupby(WHO)["paid_at"].max()
    return result


def _discount_answers(goods: pd.DataFrame, sums: pd.DataFrame) -> pd.DataFrame:
    """Tickets, and how much of them hung on discounts; a package session is no discount."""
    index = sums.index
    sold = goods[~goods["is_return"]]
    priced = sold[sold["discount_type"] != "package"]
    cut = priced[priced["discount"] > 0]
    result = pd.DataFrame(index=index)

    def count(rows: pd.DataFrame) -> pd.Series:
        tickets = rows.drop_duplicates([*WHO, "sale_id"]).groupby(WHO).size()
        return tickets.reindex(index).fillna(0).astype("Int64")

    result["tickets"] = count(sold)
    result["discounted_tickets"] = count(cut)
    coupons = cut[cut["discount_type"] == "coupon"]
    result["coupon_uses"] = coupons.groupby(WHO).size().reindex(index).fillna(0).astype("Int64")
    gross, off = (_sum(priced, name, index) for name in ("gross", "discount"))
    result["effective_discount_rate"] = ratio(off, gross, 4)
    # 10 * (0.6 * share + 0.4 * min(rate / 0.3, 1)) as one fraction of whole numbers.
    tickets = result["tickets"]
    depth = (10 * off).clip(upper=3 * gross)
    whole = 3 * gross.mask(gross == 0, 1)
    parts = 6 * result["discounted_tickets"] * whole + 4 * depth * tickets
    score = ratio(parts, whole * tickets, 0).where(tickets >= 3)
    result["price_sensitivity_score"] = score.astype("Int64")
    spent = sums["net_service_minor"] + sums["net_retail_minor"]
    result["avg_ticket_minor"] = ratio(spent, tickets, 0).astype("Int64")
    return result


def loyalty_answers(books: Books, index: pd.Index[Any]) -> pd.DataFrame:
    """Points over all accounts of a client; unknown where the business has no programme."""
    accounts = books.people.without_tests(books.tables["loyalty_accounts"])
    accounts = accounts.assign(person=books.people.person(accounts[OWNER], accounts["customer_id"]))
    now = pd.Timestamp(books.plan.as_of)
    accounts["is_open"] = ~(accounts["closed_at"] <= now)
    events = books.tables["loyalty_events"].merge(
        accounts[[OWNER, "loyalty_account_id", "person"]], on=[OWNER, "loyalty_account_id"]
    )
    points = events["points"].astype("int64")
    kind = events["event_type"]
    is_earned = kind.isin(("earn", "bonus"))
    parts = {
        "balance": points,
        "earned": points.where(is_earned, 0),
        "redeemed": -points.where(kind.isin(("redeem", "redeem_return")), 0),
        "expired": -points.where(kind == "expire", 0),
        "adjusted": points.where(kind.isin(("adjust", "other")), 0),
        "lapsing": points.where(is_earned & (events["expires_at"] <= now + MONTH), 0),
        "used": -points.where(~is_earned, 0),
    }
    sums = events.assign(**parts).groupby(WHO)[list(parts)].sum().reindex(index).fillna(0)
    result = pd.DataFrame(index=index)
    is_open = accounts[accounts["is_open"]]
    result["is_loyalty_member"] = index.isin(pd.MultiIndex.from_frame(is_open[WHO]))
    for name in ("balance", "earned", "redeemed", "expired", "adjusted"):
        result[f"loyalty_points_{name}"] = sums[name].astype("Int64")
    left = (sums["lapsing"] - sums["used"]).clip(upper=sums["balance"]).clip(lower=0)
    result["loyalty_points_expiring_30d"] = left.astype("Int64")
    newest = is_open.sort_values(["enrolled_at", "loyalty_account_id"]).groupby(WHO)["tier"]
    result["loyalty_tier"] = newest.agg(lambda tiers: tiers.iloc[-1])
    has = index.get_level_values(OWNER).isin(accounts[OWNER].unique())
    known = pd.Series(has, index=index)
    return result.astype({"is_loyalty_member": "boolean"}).apply(lambda column: column.where(known))
