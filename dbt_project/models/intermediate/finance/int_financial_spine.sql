-- One row per location and day from its first to its last movement in either ledger.
with days as (
    select
        organization_id,
        location_id,
        business_date
    from {{ ref('int_ladder_accrual') }}
    union all
    select
        organization_id,
        location_id,
        business_date
    from {{ ref('int_ladder_tenders') }}
),

spans as (
    select
        organization_id,
        location_id,
        min(business_date) as first_date,
        max(business_date) as last_date
    from days
    group by organization_id, location_id
),

fees as (
    select
        organization_id,
        bool_or(processing_fee_minor is not null) as has_processing_fees
    from {{ ref('input__payments') }}
    group by organization_id
),

final as (
    select
        spans.organization_id,
        spans.location_id,
        locations.currency,
        locations.today_date,
        coverage.has_sales,
        coverage.has_payments,
        coverage.has_sales and coverage.has_discounts as has_accrual_discounts,
        coverage.has_payments and coverage.has_discounts as has_cash_discounts,
        coalesce(fees.has_processing_fees, false) as has_processing_fees,
        spine.day as business_date
    from spans
    inner join {{ ref('int_location_today') }} as locations
        on
            spans.organization_id = locations.organization_id
            and spans.location_id = locations.location_id
    inner join {{ ref('int_organization_coverage') }} as coverage
        on spans.organization_id = coverage.organization_id
    left join fees
        on spans.organization_id = fees.organization_id
    {{ date_spine('spans.first_date', 'spans.last_date', 'spine') }}
)

select * from final
