-- A completed refund is the sum of what it gives back line by line, tax and net.
{{ config(meta={'dimension': 'consistency', 'dagster': {'ref': {'name': 'refunds'}}}) }}

with differences as (
    select organization_id, refund_id, net_minor, tax_minor, amount_minor
    from {{ ref('refunds') }}
    where is_completed
    union all
    select
        organization_id,
        refund_id,
        -net_minor as net_minor,
        -tax_minor as tax_minor,
        -amount_minor as amount_minor
    from {{ ref('int_refund_allocations') }}
)

select
    organization_id,
    refund_id,
    sum(amount_minor) as difference_minor
from differences
group by organization_id, refund_id
having
    sum(amount_minor) <> 0
    or sum(net_minor) <> 0
    or sum(tax_minor) <> 0
