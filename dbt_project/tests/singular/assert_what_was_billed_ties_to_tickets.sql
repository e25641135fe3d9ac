-- The accrual ledger of a location comes to its ticket lines on their own days, less
-- refunds that do not merely pay for returned lines, plus tips: worked out from the
-- marts, past the ledger's steps.
{{ config(meta={'dimension': 'consistency', 'dagster': {'ref': {'name': 'financial_daily'}}}) }}

with entries as (
    select
        organization_id,
        location_id,
        currency,
        service_date as business_date,
        total_minor as amount_minor
    from {{ ref('sale_lines') }}
    union all
    select
        organization_id,
        location_id,
        currency,
        business_date,
        case
            when link = 'unallocated' then -tip_minor
            else settles_returns_minor - amount_minor - tip_minor
        end as amount_minor
    from {{ ref('refunds') }}
    where is_completed
    union all
    select
        payments.organization_id,
        coalesce(sales.location_id, payments.location_id) as location_id,
        payments.currency,
        coalesce(payments.sale_business_date, payments.business_date) as business_date,
        payments.tip_minor as amount_minor
    from {{ ref('payments') }} as payments
    left join {{ ref('sales') }} as sales
        on
            payments.organization_id = sales.organization_id
            and payments.sale_id = sales.sale_id
            and payments.has_closed_sale
    where payments.is_completed
),

-- Added up before they are looked up, so that the planner expects many rows.
by_day as (
    select
        organization_id,
        location_id,
        currency,
        business_date,
        sum(amount_minor) as amount_minor
    from entries
    group by organization_id, location_id, currency, business_date
),

differences as (
    select
        by_day.organization_id,
        by_day.location_id,
        by_day.amount_minor
    from by_day
    inner join {{ ref('int_location_today') }} as locations
        on
            by_day.organization_id = locations.organization_id
            and by_day.location_id = locations.location_id
            and by_day.currency = locations.currency
    where
        by_day.business_date <= locations.today_date
        and {{ is_in_scope('by_day', 'days', ['location_id', 'business_date']) }}
    union all
    select
        organization_id,
        location_id,
        -accrual_total_billed_minor as amount_minor
    from {{ ref('financial_daily') }}
)

select
    organization_id,
    location_id,
    sum(amount_minor) as difference_minor
from differences
group by organization_id, location_id
having sum(amount_minor) <> 0
