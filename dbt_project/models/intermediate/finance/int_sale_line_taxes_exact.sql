-- One row per line of a closed ticket and kind of tax, fractions of a minor unit kept.
with stated_kinds as (
    select
        sale_lines.organization_id,
        sale_lines.sale_id,
        sale_lines.sale_line_id,
        sale_line_taxes.tax_name,
        sale_line_taxes.rate,
        sale_line_taxes.tax_exact
    from {{ ref('input__sale_line_taxes') }} as sale_line_taxes
    inner join {{ ref('int_sale_lines_closed') }} as sale_lines
        on
            sale_line_taxes.organization_id = sale_lines.organization_id
            and sale_line_taxes.sale_id = sale_lines.sale_id
            and sale_line_taxes.sale_line_id = sale_lines.sale_line_id
),

-- Where the source does not tell kinds apart, the line's own tax is the one kind there
-- is.
unnamed as (
    select
        sale_lines.organization_id,
        sale_lines.sale_id,
        sale_lines.sale_line_id,
        'tax' as tax_name,
        cast(null as {{ type_decimal() }}) as rate,
        sale_lines.stated_tax_exact as tax_exact
    from {{ ref('int_sale_lines_closed') }} as sale_lines
    left join stated_kinds
        on
            sale_lines.organization_id = stated_kinds.organization_id
            and sale_lines.sale_id = stated_kinds.sale_id
            and sale_lines.sale_line_id = stated_kinds.sale_line_id
    where stated_kinds.sale_line_id is null and sale_lines.stated_tax_exact <> 0
),

final as (
    select * from stated_kinds
    union all
    select * from unnamed
)

select * from final
