-- Every measure of a ticket is the sum of its lines; a line belongs to exactly one
-- ticket.
{{ config(meta={'dimension': 'consistency', 'dagster': {'ref': {'name': 'sales'}}}) }}

with differences as (
    select
        organization_id,
        sale_id,
        line_count,
        gross_minor,
        discount_minor,
        net_minor,
        tax_minor,
        total_minor
    from {{ ref('sales') }}
    union all
    select
        organization_id,
        sale_id,
        -1 as line_count,
        -gross_minor as gross_minor,
        -discount_minor as discount_minor,
        -net_minor as net_minor,
        -tax_minor as tax_minor,
        -total_minor as total_minor
    from {{ ref('sale_lines') }}
)

select
    organization_id,
    sale_id,
    sum(line_count) as line_count,
    sum(total_minor) as total_minor
from differences
group by organization_id, sale_id
having
    sum(line_count) <> 0
    or sum(gross_minor) <> 0
    or sum(discount_minor) <> 0
    or sum(net_minor) <> 0
    or sum(tax_minor) <> 0
    or sum(total_minor) <> 0
