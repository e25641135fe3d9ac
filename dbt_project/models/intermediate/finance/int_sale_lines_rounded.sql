-- One row per line of a closed ticket, in whole minor units that add up to the ticket's
-- total.
with line_taxes as (
    select
        organization_id,
        sale_id,
        sale_line_id,
        sum(tax_minor) as tax_minor
    from {{ ref('int_sale_line_taxes_rounded') }}
    group by organization_id, sale_id, sale_line_id
),

-- Most tickets have no fractions, and their lines nothing to allocate.
fractional as (
    select
        sale_lines.organization_id,
        sale_lines.sale_id,
        sale_lines.sale_line_id,
        {{ allocate_minor(
            'sale_lines.gross_exact',
            'tickets.gross_minor',
            'sale_lines.organization_id, sale_lines.sale_id',
            'sale_lines.sale_line_id'
        ) }} as gross_minor,
        {{ allocate_minor(
            'sale_lines.discount_exact',
            'tickets.discount_minor',
            'sale_lines.organization_id, sale_lines.sale_id',
            'sale_lines.sale_line_id'
        ) }} as discount_minor
    from {{ ref('int_ticket_totals') }} as tickets
    inner join {{ ref('int_sale_lines_closed') }} as sale_lines
        on
            tickets.organization_id = sale_lines.organization_id
            and tickets.sale_id = sale_lines.sale_id
    where tickets.has_fractions
),

allocated as (
    select
        sale_lines.*,
        items.item_category,
        coalesce(fractional.gross_minor, cast(sale_lines.gross_exact as bigint))
            as gross_minor,
        coalesce(fractional.discount_minor, cast(sale_lines.discount_exact as bigint))
            as discount_minor,
        coalesce(items.item_name, sale_lines.description) as item_name,
        coalesce(line_taxes.tax_minor, 0) as tax_minor,
        recognised.recognised_minor as package_recognised_minor
    from {{ ref('int_sale_lines_closed') }} as sale_lines
    left join fractional
        on
            sale_lines.organization_id = fractional.organization_id
            and sale_lines.sale_id = fractional.sale_id
            and sale_lines.sale_line_id = fractional.sale_line_id
    left join line_taxes
        on
            sale_lines.organization_id = line_taxes.organization_id
            and sale_lines.sale_id = line_taxes.sale_id
            and sale_lines.sale_line_id = line_taxes.sale_line_id
    left join {{ ref('int_sale_items') }} as items
        on
            sale_lines.organization_id = items.organization_id
            and sale_lines.line_type = items.line_type
            and sale_lines.item_id = items.item_id
    left join {{ ref('int_sale_lines_recognised') }} as recognised
        on
            sale_lines.organization_id = recognised.organization_id
            and sale_lines.sale_id = recognised.sale_id
            and sale_lines.sale_line_id = recognised.sale_line_id
),

final as (
    select
        organization_id,
        sale_id,
        sale_line_id,
        location_id,
        customer_id,
        staff_id,
        appointment_id,
        appointment_service_id,
        package_redemption_id,
        item_id,
        line_type,
        item_name,
        item_category,
        description,
        discount_type,
        discount_code,
        currency,
        source_system,
        quantity,
        gross_minor,
        discount_minor,
        gross_minor - discount_minor as net_minor,
        cast(tax_minor as bigint) as tax_minor,
        cast(gross_minor - discount_minor + tax_minor as bigint) as total_minor,
        package_recognised_minor,
        load_id,
        is_return,
        is_walk_in,
        business_date,
        service_date,
        sold_at
    from allocated
)

select * from final
