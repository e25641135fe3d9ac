with months as (
    select * from {{ ref('int_financial_months') }}
),

final as (
    select
        months.organization_id,
        months.location_id,
        months.month_start_date,
        months.currency,
        months.day_count,
        {{ zero_where_known('coverage.has_sales', 'tickets.tickets') }} as tickets,
        {{ zero_where_known('coverage.has_sales', 'tickets.net_sales_minor') }}
            as avg_ticket_numerator_minor,
        months.accrual_gross_sales_minor,
        months.accrual_coupon_discounts_minor,
        months.accrual_membership_discounts_minor,
        months.accrual_loyalty_discounts_minor,
        months.accrual_package_discounts_minor,
        months.accrual_manual_discounts_minor,
        months.accrual_discounts_minor,
        months.accrual_returns_minor,
        months.accrual_net_sales_minor,
        months.accrual_tax_minor,
        months.accrual_tips_minor,
        months.accrual_service_charges_minor,
        months.accrual_fees_minor,
        months.accrual_gift_card_sales_minor,
        months.accrual_package_sales_minor,
        months.accrual_membership_sales_minor,
        months.accrual_total_billed_minor,
        months.cash_gross_sales_minor,
        months.cash_coupon_discounts_minor,
        months.cash_membership_discounts_minor,
        months.cash_loyalty_discounts_minor,
        months.cash_package_discounts_minor,
        months.cash_manual_discounts_minor,
        months.cash_discounts_minor,
        months.cash_returns_minor,
        months.cash_net_sales_minor,
        months.cash_tax_minor,
        months.cash_tips_minor,
        months.cash_service_charges_minor,
        months.cash_fees_minor,
        months.cash_gift_card_sales_minor,
        months.cash_package_sales_minor,
        months.cash_membership_sales_minor,
        months.cash_unallocated_minor,
        months.cash_over_payments_minor,
        months.cash_liability_redemptions_minor,
        months.cash_total_collected_minor,
        months.cash_processing_fees_minor,
        months.cash_expected_payout_minor,
        months.cash_cash_minor,
        months.cash_card_minor,
        months.cash_wallet_minor,
        months.cash_bank_transfer_minor,
        months.cash_online_minor,
        months.cash_gift_card_minor,
        months.cash_loyalty_minor,
        months.cash_account_minor,
        months.cash_other_minor,
        -- A month is whole when the day after its last has come.
        cast({{ dbt.date_trunc('month', 'months.today_date') }} as date)
        <= months.month_start_date as is_partial,
        {{ refreshed_at() }} as updated_at
    from months
    inner join {{ ref('int_organization_coverage') }} as coverage
        on months.organization_id = coverage.organization_id
    left join {{ ref('int_monthly_tickets') }} as tickets
        on
            months.organization_id = tickets.organization_id
            and months.location_id = tickets.location_id
            and months.month_start_date = tickets.month_start_date
)

select * from final
