-- One row per location and month in scope: tickets and both ledgers summed over all its
-- days.
{%- set locations = ref('int_location_today') -%}
{%- set amounts = [
    'tickets', 'avg_ticket_numerator_minor',
    'accrual_gross_sales_minor', 'accrual_coupon_discounts_minor',
    'accrual_membership_discounts_minor', 'accrual_loyalty_discounts_minor',
    'accrual_package_discounts_minor', 'accrual_manual_discounts_minor',
    'accrual_discounts_minor', 'accrual_returns_minor', 'accrual_net_sales_minor',
    'accrual_tax_minor', 'accrual_tips_minor', 'accrual_service_charges_minor',
    'accrual_fees_minor', 'accrual_gift_card_sales_minor',
    'accrual_package_sales_minor', 'accrual_membership_sales_minor',
    'accrual_total_billed_minor', 'cash_gross_sales_minor',
    'cash_coupon_discounts_minor', 'cash_membership_discounts_minor',
    'cash_loyalty_discounts_minor', 'cash_package_discounts_minor',
    'cash_manual_discounts_minor', 'cash_discounts_minor', 'cash_returns_minor',
    'cash_net_sales_minor', 'cash_tax_minor', 'cash_tips_minor',
    'cash_service_charges_minor', 'cash_fees_minor', 'cash_gift_card_sales_minor',
    'cash_package_sales_minor', 'cash_membership_sales_minor',
    'cash_unallocated_minor', 'cash_over_payments_minor',
    'cash_liability_redemptions_minor', 'cash_total_collected_minor',
    'cash_processing_fees_minor', 'cash_expected_payout_minor', 'cash_cash_minor',
    'cash_card_minor', 'cash_wallet_minor', 'cash_bank_transfer_minor',
    'cash_online_minor', 'cash_gift_card_minor', 'cash_loyalty_minor',
    'cash_account_minor', 'cash_other_minor'
] %}

with days as (
    select
        organization_id,
        location_id,
        currency,
        today_date,
        {% for amount in amounts -%}
            {{ amount }},
        {% endfor -%}
        business_date
    from {{ ref('int_financial_days') }}
    {%- if is_published('financial_daily') %}
        union all
        select
            known.organization_id,
            known.location_id,
            known.currency,
            today.today_date,
            {% for amount in amounts -%}
                known.{{ amount }},
            {% endfor -%}
            known.business_date
        from {{ keys_in_scope('months') }} as months
        inner join {{ published_outside_scope('financial_daily', 'known') }}
            on
                months.organization_id = known.organization_id
                and months.location_id = known.location_id
                and months.month_start_date <= known.business_date
                and {{ dbt.dateadd('month', 1, 'months.month_start_date') }}
                > known.business_date
        inner join {{ locations }} as today
            on
                known.organization_id = today.organization_id
                and known.location_id = today.location_id
    {%- endif %}
),

final as (
    select
        organization_id,
        location_id,
        cast({{ dbt.date_trunc('month', 'business_date') }} as date)
            as month_start_date,
        currency,
        max(today_date) as today_date,
        {% for amount in amounts -%}
            cast(sum({{ amount }}) as bigint) as {{ amount }},
        {% endfor -%}
        count(*) as day_count
    from days
    group by 1, 2, 3, 4
)

select * from final
