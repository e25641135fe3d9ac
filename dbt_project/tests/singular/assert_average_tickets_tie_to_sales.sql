-- The average ticket's numerator and denominator are those of the month's tickets in
-- sales.
{{ config(meta={'dimension': 'consistency', 'dagster': {'ref': {'name': 'financial_monthly'}}}) }}

with differences as (
    select
        organization_id,
        location_id,
        currency,
        cast({{ dbt.date_trunc('month', 'business_date') }} as date) as month_start_date,
        case when has_service_or_product then 1 else 0 end as tickets,
        net_service_minor + net_product_minor as net_sales_minor
    from {{ months_as_they_will_be('sales', 'sales') }}
    union all
    select
        organization_id,
        location_id,
        currency,
        month_start_date,
        -tickets as tickets,
        -avg_ticket_numerator_minor as net_sales_minor
    from {{ ref('financial_monthly') }}
),

-- Added up before they are looked up, so that the planner expects many rows.
by_month as (
    select
        organization_id,
        location_id,
        currency,
        month_start_date,
        sum(tickets) as tickets,
        sum(net_sales_minor) as net_sales_minor
    from differences
    group by organization_id, location_id, currency, month_start_date
)

select
    by_month.organization_id,
    by_month.location_id,
    by_month.month_start_date,
    by_month.tickets,
    by_month.net_sales_minor
from by_month
inner join {{ ref('locations') }} as locations
    on
        by_month.organization_id = locations.organization_id
        and by_month.location_id = locations.location_id
        and by_month.currency = locations.currency
where
    (by_month.tickets <> 0 or by_month.net_sales_minor <> 0)
    and {{ is_in_scope('by_month', 'months', ['location_id', 'month_start_date']) }}
