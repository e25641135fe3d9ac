with sale_line_taxes as (
    select *
    from {{ scoped(ref('stg_native__sale_line_taxes'), 'sales', 'sale_id') }}
        as sale_line_taxes
    where {{ is_live('sale_line_taxes') }}
),

final as (
    select
        sale_line_taxes.organization_id,
        sale_line_taxes.sale_id,
        sale_line_taxes.sale_line_id,
        sale_line_taxes.tax_name,
        sales.currency,
        sale_line_taxes.rate,
        {{ to_exact_minor('sale_line_taxes.tax_amount', 'sales.currency_exponent') }}
            as tax_exact,
        sale_line_taxes.source_system,
        sale_line_taxes.load_id
    from sale_line_taxes
    inner join {{ ref('input__sales') }} as sales
        on
            sale_line_taxes.organization_id = sales.organization_id
            and sale_line_taxes.sale_id = sales.sale_id
)

select * from final
