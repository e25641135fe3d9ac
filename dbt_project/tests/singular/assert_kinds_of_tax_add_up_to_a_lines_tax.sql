-- The kinds of tax on a line add up to its tax, and none stands on a line that is not
-- there.
{{ config(meta={'dimension': 'consistency', 'dagster': {'ref': {'name': 'sale_line_taxes'}}}) }}

with differences as (
    select organization_id, sale_id, sale_line_id, tax_minor
    from {{ ref('sale_line_taxes') }}
    union all
    select organization_id, sale_id, sale_line_id, -tax_minor as tax_minor
    from {{ ref('sale_lines') }}
)

select
    organization_id,
    sale_id,
    sale_line_id,
    sum(tax_minor) as difference_minor
from differences
group by organization_id, sale_id, sale_line_id
having sum(tax_minor) <> 0
