with final as (
    select
        taxes.organization_id,
        taxes.sale_id,
        taxes.sale_line_id,
        taxes.tax_name,
        sale_lines.location_id,
        sale_lines.line_type,
        sale_lines.currency,
        cast(taxes.rate as numeric(9, 6)) as rate,
        sale_lines.net_minor,
        taxes.tax_minor,
        sale_lines.business_date,
        sale_lines.service_date,
        {{ refreshed_at() }} as updated_at
    from {{ ref('int_sale_line_taxes_rounded') }} as taxes
    inner join {{ ref('int_sale_lines_rounded') }} as sale_lines
        on
            taxes.organization_id = sale_lines.organization_id
            and taxes.sale_id = sale_lines.sale_id
            and taxes.sale_line_id = sale_lines.sale_line_id
)

select * from final
