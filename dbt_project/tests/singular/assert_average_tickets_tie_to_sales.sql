-- The average ticket's numerator and denominator are those of the day's tickets in sales.
{{ config(meta={'dimension': 'consistency', 'dagster': {'ref': {'name': 'financial_daily'}}}) }}

with differences as (
    select
        organization_id,
        location_id,
        currency,
        business_date,
        case when has_service_or_product then 1 else 0 end as tickets,
        net_service_minor + net_product_minor as net_sales_minor
    from {{ ref('sales') }}
    union all
    select
        organization_id,
        location_id,
        currency,
        business_date,
        -tickets as tickets,
        -avg_ticket_numerator_minor as net_sales_minor
    from {{ ref('financial_daily') }}
),

-- Added up before they are looked up, so that the planner expects many rows.
by_day as (
    select
        organization_id,
        location_id,
        currency,
        business_date,
        sum(tickets) as tickets,
        sum(net_sales_minor) as net_sales_minor
    from differences
    group by organization_id, location_id, currency, business_date
)

select
    by_day.organization_id,
    by_day.location_id,
    by_day.business_date,
    by_day.tickets,
    by_day.net_sales_minor
from by_day
inner join {{ ref('locations') }} as locations
    on
        by_day.organization_id = locations.organization_id
        and by_day.location_id = locations.location_id
        and by_day.currency = locations.currency
where
    (by_day.tickets <> 0 or by_day.net_sales_minor <> 0)
    and {{ is_in_scope('by_day', 'days', ['location_id', 'business_date']) }}
