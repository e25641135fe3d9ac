-- daily_sales over everybody is the accrual ledger of the day, and neither has money on
-- a day that the other lacks.
{{ config(meta={'dimension': 'consistency', 'dagster': {'ref': {'name': 'daily_sales'}}}) }}

with differences as (
    select
        organization_id,
        location_id,
        business_date,
        gross_minor,
        coalesce(discount_minor, 0) as discount_minor,
        returns_minor,
        net_sales_minor,
        tax_minor,
        coalesce(tips_minor, 0) as tips_minor
    from {{ ref('daily_sales') }}
    union all
    select
        organization_id,
        location_id,
        business_date,
        -accrual_gross_sales_minor as gross_minor,
        -coalesce(accrual_discounts_minor, 0) as discount_minor,
        -accrual_returns_minor as returns_minor,
        -accrual_net_sales_minor as net_sales_minor,
        -accrual_tax_minor as tax_minor,
        -coalesce(accrual_tips_minor, 0) as tips_minor
    from {{ ref('financial_daily') }}
)

select
    organization_id,
    location_id,
    business_date,
    sum(net_sales_minor) as net_sales_difference_minor
from differences
group by organization_id, location_id, business_date
having
    sum(gross_minor) <> 0
    or sum(discount_minor) <> 0
    or sum(returns_minor) <> 0
    or sum(net_sales_minor) <> 0
    or sum(tax_minor) <> 0
    or sum(tips_minor) <> 0
