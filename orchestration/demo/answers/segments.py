"""Expected value, value tiers and the ten marketing segments.

Put here who belongs to which segment, by the thresholds that the reports name. Do not put here the
facts they are about (clients.py, client_money.py, habits.py).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from orchestration.demo.answers.books import OWNER, Books
from orchestration.demo.answers.clients import WHO
from orchestration.demo.arrays import round_half_away

# Twice the years that each life-cycle status is expected to stay, at most two years.
HALF_YEARS = {"active": 4, "recent": 4, "dormant": 2, "inactive": 1}
TIERS = ((0.95, "premium_vip"), (0.8, "high_value"), (0.4, "regular"), (0.0, "developing"))
PRIORITY = (
    "vip",
    "win_back",
    "dormant_high_value",
    "loyalty_champions",
    "frequent",
    "new_customers",
    "referral_candidates",
    "discount_lovers",
    "seasonal",
    "birthday",
)
MAJOR_UNITS = {"JPY": (300_000, 80_000)}
USUAL_UNITS = (300_000, 80_000)


def value_answers(books: Books, answers: pd.DataFrame, visits: pd.DataFrame) -> pd.DataFrame:
    """The baseline of expected value and the tier within organization and currency."""
    known = visits[visits["person"].notna()]
    currency = np.array([p.currency for p in books.business.locations])[known["place"]]
    counts = known.assign(currency=currency).groupby([*WHO, "currency"]).size()
    main = pd.MultiIndex.from_arrays(
        [answers.index.get_level_values(0), answers.index.get_level_values(1), answers["currency"]]
    )
    there = counts.reindex(main).fillna(0).to_numpy(dtype=np.int64)
    gap = (answers["median_days_between_visits"].fillna(0) * 2).to_numpy(dtype=np.int64)
    half_years = answers["lifecycle_status"].map(HALF_YEARS).fillna(0).to_numpy(dtype=np.int64)
    spent = np.maximum(answers["net_lifetime_minor"].to_numpy(dtype=np.int64), 0)
    value = round_half_away(365 * spent * half_years, np.maximum(gap * there, 1))
    can_tell = (answers["visits"] >= 3).to_numpy() & (gap > 0) & (there > 0)
    result = pd.DataFrame(index=answers.index)
    result["baseline_lifetime_value_minor"] = (
        pd.Series(value, index=answers.index).where(can_tell).astype("Int64")
    )
    result["value_tier"] = _tiers(answers)
    return result


def _rank(answers: pd.DataFrame, amount: pd.Series) -> pd.Series:
    """Share of the others in organization and currency who have less, among those above nothing."""
    kept = amount[(amount > 0).fillna(False)].astype("float64")
    groups = [kept.index.get_level_values(OWNER), answers["currency"].reindex(kept.index)]
    ranked = kept.groupby(groups)
    below = ranked.rank(method="min") - 1
    others = ranked.transform("size") - 1
    return (below / others.where(others > 0, 1)).reindex(amount.index)


def _tiers(answers: pd.DataFrame) -> pd.Series:
    rank = _rank(answers, answers["net_12m_minor"])
    tier = pd.Series("at_risk", index=answers.index)
    for least, name in reversed(TIERS):
        tier = tier.mask(rank >= least, name)
    ratio, ago = answers["overdue_ratio"], answers["days_since_last_visit"]
    stays_away = (ratio >= 2.5) | (ratio.isna() & (ago > 90).fillna(False))
    tier = tier.mask(stays_away.astype(bool), "at_risk")
    return tier.where(answers["tickets"] > 0)


def segment_members(
    books: Books, clients: pd.DataFrame, answers: pd.DataFrame, visits: pd.DataFrame
) -> pd.DataFrame:
    """One row per segment and member, with the primary one marked."""
    is_in = _rules(books, clients, answers, visits)
    is_in["dormant_high_value"] &= ~is_in["win_back"]
    table = pd.DataFrame({name: is_in[name].astype(bool) for name in PRIORITY})
    primary = table.idxmax(axis=1).where(table.any(axis=1))
    members = [
        table.index[table[name]].to_frame(index=False).assign(segment=name) for name in PRIORITY
    ]
    rows = pd.concat(members, ignore_index=True).rename(columns={"person": "customer_id"})
    firsts = pd.MultiIndex.from_frame(rows[[OWNER, "customer_id"]])
    rows["is_primary"] = primary.reindex(firsts).to_numpy() == rows["segment"].to_numpy()
    return rows


def _rules(
    books: Books, clients: pd.DataFrame, answers: pd.DataFrame, visits: pd.DataFrame
) -> dict[str, pd.Series]:
    """REPORTS A3; whatever is unknown passes no rule."""
    numbers = answers.select_dtypes(include=["Int64", "Float64"]).astype("float64")
    facts = answers.drop(columns=numbers.columns).join(numbers)
    active = facts["lifecycle_status"] == "active"
    ago, count = facts["days_since_last_visit"], facts["visits"]
    units = facts["currency"].map(MAJOR_UNITS)
    value, spend = (
        units.map(lambda u, n=n: u[n] if isinstance(u, tuple) else USUAL_UNITS[n]) for n in (0, 1)
    )
    baseline = answers["baseline_lifetime_value_minor"]
    worth = (facts["baseline_lifetime_value_minor"] >= value) | (_rank(answers, baseline) >= 0.95)
    top = _rank(answers, answers["net_lifetime_minor"]) >= 0.75
    return {
        "vip": active & _in_top_tier(facts) & worth,
        "win_back": ago.between(90, 365) & (facts["net_lifetime_minor"] >= spend) & (count >= 5),
        "loyalty_champions": active & (facts["loyalty_points_balance"] >= 500) & (count >= 8),
        "birthday": _birthday_soon(clients, facts),
        "discount_lovers": (facts["discounted_tickets"] >= 3)
        & (facts["price_sensitivity_score"] > 7),
        "new_customers": facts["tenure_days"] <= 30,
        "frequent": active & (facts["median_days_between_visits"] <= 30) & (count >= 6),
        "dormant_high_value": (facts["lifecycle_status"] == "dormant") & top,
        "seasonal": _seasonal(visits, answers),
        "referral_candidates": active
        & (count >= 5)
        & ~_missed_lately(books, answers)
        & ~answers["is_referrer"].fillna(False).astype(bool),
    }


def _in_top_tier(facts: pd.DataFrame) -> pd.Series:
    """The programme's own tier; where it names none so, the top value tier stands in."""
    is_vip = facts["loyalty_tier"].str.lower() == "vip"
    owner = facts.index.get_level_values(OWNER)
    names = pd.Series(owner.isin(owner[is_vip.fillna(False)].unique()), index=facts.index)
    return is_vip.fillna(False).where(names, facts["value_tier"] == "premium_vip")


def _birthday_soon(clients: pd.DataFrame, facts: pd.DataFrame) -> pd.Series:
    """This month or the next, by the local day."""
    month = clients["today"].dt.month
    ahead = (facts["birth_month"] - month) % 12
    return ahead <= 1


def _missed_lately(books: Books, answers: pd.DataFrame) -> pd.Series:
    missed = books.bookings[books.bookings["status"] == "no_show"]
    today = books.today.to_numpy()[missed["place"].to_numpy()]
    lately = missed[(today - missed["day"].to_numpy()).astype("timedelta64[D]").astype(int) < 365]
    who = pd.MultiIndex.from_frame(lately.loc[lately["person"].notna(), WHO])
    return pd.Series(answers.index.isin(who), index=answers.index)


def _seasonal(visits: pd.DataFrame, answers: pd.DataFrame) -> pd.Series:
    """Three visits or more, 60 % of them in one run of three months, in two years or more."""
    known = visits[visits["person"].notna()]
    total = known.groupby(WHO).size()
    found = pd.Series(False, index=total.index)
    month, year = known["day"].dt.month, known["day"].dt.year
    for first in range(1, 13):
        inside = ((month - first) % 12) < 3
        season = (year - (month < first)).where(inside)
        rows = known[WHO].assign(season=season)[inside]
        counts = rows.groupby(WHO)["season"].agg(["size", "nunique"]).reindex(total.index).fillna(0)
        found |= (counts["size"] >= 0.6 * total) & (counts["nunique"] >= 2) & (total >= 3)
    return found.reindex(answers.index).fillna(False).astype(bool)
