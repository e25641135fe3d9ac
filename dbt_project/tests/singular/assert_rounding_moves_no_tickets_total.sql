-- What a ticket comes to is its exact total rounded once, halves away from zero,
-- however many lines and kinds of tax carry fractions. Worked out here from the input,
-- past every step of the rounding.
{{ config(meta={'dimension': 'accuracy', 'dagster': {'ref': {'name': 'sales'}}}) }}

with kinds as (
    select
        organization_id,
        sale_id,
        sale_line_id,
        sum(tax_exact) as tax_exact
    from {{ ref('input__sale_line_taxes') }}
    group by organization_id, sale_id, sale_line_id
),

exact as (
    select
        sale_lines.organization_id,
        sale_lines.sale_id,
        sum(
            sale_lines.gross_exact
            - coalesce(sale_lines.discount_exact, 0)
            + coalesce(kinds.tax_exact, sale_lines.tax_exact, 0)
        ) as total_exact
    from {{ ref('input__sale_lines') }} as sale_lines
    left join kinds
        on
            sale_lines.organization_id = kinds.organization_id
            and sale_lines.sale_id = kinds.sale_id
            and sale_lines.sale_line_id = kinds.sale_line_id
    group by sale_lines.organization_id, sale_lines.sale_id
)

select
    sales.organization_id,
    sales.sale_id,
    exact.total_exact,
    sales.total_minor
from {{ ref('sales') }} as sales
left join exact
    on
        sales.organization_id = exact.organization_id
        and sales.sale_id = exact.sale_id
where round(coalesce(exact.total_exact, 0)) <> sales.total_minor
