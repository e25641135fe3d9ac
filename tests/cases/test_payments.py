"""Money that came in: what it settles, and what of it is over."""

from __future__ import annotations

from tests.cases.conftest import Cases


def test_what_was_paid_beyond_a_ticket_is_an_over_payment(cases: Cases) -> None:
    day = cases.row(
        "over_payment",
        """
        select accrual_net_sales_minor, cash_over_payments_minor, cash_total_collected_minor
        from financial_daily
        where organization_id = %(case)s and business_date = '2026-11-11'
        """,
    )
    assert day == {
        "accrual_net_sales_minor": 4700,
        "cash_over_payments_minor": 1800,
        "cash_total_collected_minor": 6500,
    }
