-- A completed payment is what of it settles ticket lines, what goes beyond its ticket
-- and what belongs to no known closed ticket: nothing is lost, and a split tender
-- doubles nothing.
{{ config(meta={'dimension': 'consistency', 'dagster': {'ref': {'name': 'payments'}}}) }}

with differences as (
    select
        organization_id,
        payment_id,
        amount_minor - over_payment_minor - unallocated_minor as allocated_minor
    from {{ ref('payments') }}
    where is_completed
    union all
    select
        organization_id,
        payment_id,
        -amount_minor as allocated_minor
    from {{ ref('int_payment_allocations') }}
)

select
    organization_id,
    payment_id,
    sum(allocated_minor) as difference_minor
from differences
group by organization_id, payment_id
having sum(allocated_minor) <> 0
