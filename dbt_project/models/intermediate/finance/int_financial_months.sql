-- One row per location and month: both ledgers summed over its days.
with days as (
    select
        *,
        cast({{ dbt.date_trunc('month', 'business_date') }} as date) as month_start_date
    from {{ ref('int_financial_days') }}
),

final as (
    select
        organization_id,
        location_id,
        month_start_date,
        currency,
        max(today_date) as today_date,
        count(*) as day_count,
        cast(sum(accrual_gross_sales_minor) as bigint) as accrual_gross_sales_minor,
        cast(sum(accrual_coupon_discounts_minor) as bigint)
            as accrual_coupon_discounts_minor,
        cast(sum(accrual_membership_discounts_minor) as bigint)
            as accrual_membership_discounts_minor,
        cast(sum(accrual_loyalty_discounts_minor) as bigint)
            as accrual_loyalty_discounts_minor,
        cast(sum(accrual_package_discounts_minor) as bigint)
            as accrual_package_discounts_minor,
        cast(sum(accrual_manual_discounts_minor) as bigint)
            as accrual_manual_discounts_minor,
        cast(sum(accrual_discounts_minor) as bigint) as accrual_discounts_minor,
        cast(sum(accrual_returns_minor) as bigint) as accrual_returns_minor,
        cast(sum(accrual_net_sales_minor) as bigint) as accrual_net_sales_minor,
        cast(sum(accrual_tax_minor) as bigint) as accrual_tax_minor,
        cast(sum(accrual_tips_minor) as bigint) as accrual_tips_minor,
        cast(sum(accrual_service_charges_minor) as bigint)
            as accrual_service_charges_minor,
        cast(sum(accrual_fees_minor) as bigint) as accrual_fees_minor,
        cast(sum(accrual_gift_card_sales_minor) as bigint)
            as accrual_gift_card_sales_minor,
        cast(sum(accrual_package_sales_minor) as bigint) as accrual_package_sales_minor,
        cast(sum(accrual_membership_sales_minor) as bigint)
            as accrual_membership_sales_minor,
        cast(sum(accrual_total_billed_minor) as bigint) as accrual_total_billed_minor,
        cast(sum(cash_gross_sales_minor) as bigint) as cash_gross_sales_minor,
        cast(sum(cash_coupon_discounts_minor) as bigint) as cash_coupon_discounts_minor,
        cast(sum(cash_membership_discounts_minor) as bigint)
            as cash_membership_discounts_minor,
        cast(sum(cash_loyalty_discounts_minor) as bigint)
            as cash_loyalty_discounts_minor,
        cast(sum(cash_package_discounts_minor) as bigint)
            as cash_package_discounts_minor,
        cast(sum(cash_manual_discounts_minor) as bigint) as cash_manual_discounts_minor,
        cast(sum(cash_discounts_minor) as bigint) as cash_discounts_minor,
        cast(sum(cash_returns_minor) as bigint) as cash_returns_minor,
        cast(sum(cash_net_sales_minor) as bigint) as cash_net_sales_minor,
        cast(sum(cash_tax_minor) as bigint) as cash_tax_minor,
        cast(sum(cash_tips_minor) as bigint) as cash_tips_minor,
        cast(sum(cash_service_charges_minor) as bigint) as cash_service_charges_minor,
        cast(sum(cash_fees_minor) as bigint) as cash_fees_minor,
        cast(sum(cash_gift_card_sales_minor) as bigint) as cash_gift_card_sales_minor,
        cast(sum(cash_package_sales_minor) as bigint) as cash_package_sales_minor,
        cast(sum(cash_membership_sales_minor) as bigint) as cash_membership_sales_minor,
        cast(sum(cash_unallocated_minor) as bigint) as cash_unallocated_minor,
        cast(sum(cash_over_payments_minor) as bigint) as cash_over_payments_minor,
        cast(sum(cash_liability_redemptions_minor) as bigint)
            as cash_liability_redemptions_minor,
        cast(sum(cash_total_collected_minor) as bigint) as cash_total_collected_minor,
        cast(sum(cash_processing_fees_minor) as bigint) as cash_processing_fees_minor,
        cast(sum(cash_expected_payout_minor) as bigint) as cash_expected_payout_minor,
        cast(sum(cash_cash_minor) as bigint) as cash_cash_minor,
        cast(sum(cash_card_minor) as bigint) as cash_card_minor,
        cast(sum(cash_wallet_minor) as bigint) as cash_wallet_minor,
        cast(sum(cash_bank_transfer_minor) as bigint) as cash_bank_transfer_minor,
        cast(sum(cash_online_minor) as bigint) as cash_online_minor,
        cast(sum(cash_gift_card_minor) as bigint) as cash_gift_card_minor,
        cast(sum(cash_loyalty_minor) as bigint) as cash_loyalty_minor,
        cast(sum(cash_account_minor) as bigint) as cash_account_minor,
        cast(sum(cash_other_minor) as bigint) as cash_other_minor
    from days
    group by organization_id, location_id, month_start_date, currency
)

select * from final
