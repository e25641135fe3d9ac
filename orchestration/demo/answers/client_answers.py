"""customer_analytics as it must come out: one row per client, what cannot be known left empty.

Put here the joining of all answers about clients. Do not put here how each is worked out.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from orchestration.demo.answers.books import OWNER, Books
from orchestration.demo.answers.client_money import loyalty_answers, main_currency, money_answers
from orchestration.demo.answers.clients import (
    booking_answers,
    lifecycle_answers,
    list_clients,
    profile_answers,
    referral_answers,
    visit_answers,
)
from orchestration.demo.answers.habits import cadence_answers, preference_answers, served
from orchestration.demo.answers.sales import Sales
from orchestration.demo.answers.segments import segment_members, value_answers

PAID = ("tips_minor", "gift_cards_redeemed_minor", "payments", "last_payment_at")
DISCOUNTED = (
    "discount_minor",
    "discounted_tickets",
    "coupon_uses",
    "effective_discount_rate",
    "price_sensitivity_score",
)


def client_answers(
    books: Books, sales: Sales, visits: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One row per client in the mart's column names, and one per member of a segment."""
    clients = list_clients(books, [books.bookings, sales.lines, sales.payments])
    index = clients.index
    services = served(books, sales)
    currency = main_currency(books, sales, clients)
    answers = profile_answers(clients)
    for part in (
        booking_answers(books, index),
        visit_answers(books, visits, index),
        currency,
        money_answers(books, sales, currency["currency"]),
        loyalty_answers(books, index),
        referral_answers(books, clients, visits),
        preference_answers(books, clients, visits, services),
        cadence_answers(clients, visits, services),
    ):
        answers = answers.join(part)
    answers = answers.join(lifecycle_answers(answers))
    answers = _unknown(books, answers)
    answers = answers.join(value_answers(books, answers, visits))
    members = segment_members(books, clients, answers, visits)
    primary = members[members["is_primary"]].set_index([OWNER, "customer_id"])["segment"]
    answers["primary_segment"] = primary
    return answers.reset_index(names=[OWNER, "customer_id"]), members


def _unknown(books: Books, answers: pd.DataFrame) -> pd.DataFrame:
    """NULL, not nothing, for what an organization's files cannot say."""
    owner = answers.index.get_level_values(OWNER)
    pays = owner.isin(books.tables["payments"][OWNER].unique())
    refunds = pays | owner.isin(books.tables["refunds"][OWNER].unique())
    lines = books.tables["sale_lines"]
    discounts = owner.isin(lines.loc[lines["discount_amount"].notna(), OWNER].unique())
    for columns, is_known in ((PAID, pays), (("refunds_minor",), refunds), (DISCOUNTED, discounts)):
        for name in columns:
            answers[name] = answers[name].where(np.asarray(is_known))
    return answers
