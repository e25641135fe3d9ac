-- What tickets are worth as restated is what they sold less what refunds took back of
-- services and products, whenever that was; refunds that only pay for returned lines
-- take nothing more.
{{ config(meta={'dimension': 'consistency', 'dagster': {'ref': {'name': 'sales'}}}) }}

with differences as (
    select
        organization_id,
        sale_id,
        net_service_minor + net_product_minor - net_as_restated_minor as taken_back_minor
    from {{ ref('sales') }}
    union all
    select
        organization_id,
        sale_id,
        -net_minor as taken_back_minor
    from {{ ref('int_refund_allocations') }}
    where
        sale_id is not null
        and not is_return_settlement
        and coalesce(line_type, 'service') in ('service', 'product')
)

select
    organization_id,
    sale_id,
    sum(taken_back_minor) as difference_minor
from differences
group by organization_id, sale_id
having sum(taken_back_minor) <> 0
