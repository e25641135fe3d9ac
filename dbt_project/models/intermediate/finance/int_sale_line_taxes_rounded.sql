-- One row per line of a closed ticket and kind of tax, in whole minor units that add
-- up.
with cells as (
    select
        taxes.organization_id,
        taxes.sale_id,
        taxes.sale_line_id,
        taxes.tax_name,
        taxes.rate,
        taxes.tax_exact,
        tickets.tax_minor as ticket_tax_minor
    from {{ ref('int_sale_line_taxes_exact') }} as taxes
    inner join {{ ref('int_ticket_totals') }} as tickets
        on
            taxes.organization_id = tickets.organization_id
            and taxes.sale_id = tickets.sale_id
),

final as (
    select
        organization_id,
        sale_id,
        sale_line_id,
        tax_name,
        rate,
        {{ allocate_minor(
            'tax_exact',
            'ticket_tax_minor',
            'organization_id, sale_id',
            'sale_line_id, tax_name'
        ) }} as tax_minor
    from cells
)

select * from final
