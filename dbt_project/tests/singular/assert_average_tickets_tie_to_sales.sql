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
)

select
    differences.organization_id,
    differences.location_id,
    differences.month_start_date,
    sum(differences.tickets) as tickets,
    sum(differences.net_sales_minor) as net_sales_minor
from differences
inner join {{ ref('locations') }} as locations
    on
        differences.organization_id = locations.organization_id
        and differences.location_id = locations.location_id
        and differences.currency = locations.currency
where
    {{ is_in_scope('differences', 'months', ['location_id', 'month_start_date']) }}
group by
    differences.organization_id, differences.location_id, differences.month_start_date
having sum(differences.tickets) <> 0 or sum(differences.net_sales_minor) <> 0
