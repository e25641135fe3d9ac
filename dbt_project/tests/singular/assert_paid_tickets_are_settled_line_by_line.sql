-- Where payments settle a ticket whole, each of its lines is paid exactly, returned
-- lines netted.
{{ config(meta={'dimension': 'consistency', 'dagster': {'ref': {'name': 'int_payments_settled'}}}) }}

with settled as (
    select
        organization_id,
        sale_id
    from {{ ref('int_payments_settled') }}
    group by organization_id, sale_id
    having sum(allocated_minor) = max(payable_minor) and max(payable_minor) > 0
),

differences as (
    select
        organization_id,
        sale_id,
        sale_line_id,
        amount_minor + settled_by_refunds_minor as amount_minor
    from {{ ref('int_sale_line_components') }}
    union all
    select
        organization_id,
        sale_id,
        sale_line_id,
        -amount_minor as amount_minor
    from {{ ref('int_payment_allocations') }}
)

select
    differences.organization_id,
    differences.sale_id,
    differences.sale_line_id,
    sum(differences.amount_minor) as difference_minor
from differences
inner join settled
    on
        differences.organization_id = settled.organization_id
        and differences.sale_id = settled.sale_id
group by
    differences.organization_id, differences.sale_id, differences.sale_line_id
having sum(differences.amount_minor) <> 0
