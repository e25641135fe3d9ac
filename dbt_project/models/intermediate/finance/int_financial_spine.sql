-- One row per location and day in scope, from its first to its last movement in either
-- ledger or ticket.
{{ config(post_hook="{{ put_ledger_days_in_scope(this) }}") }}

with final as (
    select
        spans.organization_id,
        spans.location_id,
        locations.currency,
        locations.today_date,
        coverage.has_sales,
        coverage.has_payments,
        coverage.has_sales and coverage.has_discounts as has_accrual_discounts,
        coverage.has_payments and coverage.has_discounts as has_cash_discounts,
        coverage.has_processing_fees,
        spine.day as business_date
    from {{ ref('int_financial_spans') }} as spans
    inner join {{ ref('int_location_today') }} as locations
        on
            spans.organization_id = locations.organization_id
            and spans.location_id = locations.location_id
    inner join {{ ref('int_organization_coverage') }} as coverage
        on spans.organization_id = coverage.organization_id
    {{ join_days_to_build('spans', 'spine') }}
)

select * from final
