with sale_lines as (
    select *
    from {{ scoped(ref('stg_native__sale_lines'), 'sales', 'sale_id') }}
        as sale_lines
    where {{ is_live('sale_lines') }}
),

final as (
    select
        sale_lines.organization_id,
        sale_lines.sale_id,
        sale_lines.sale_line_id,
        sales.location_id,
        case
            when sale_lines.customer_id is null then sales.customer_id
            else {{ canonical_customer_id('sale_lines.customer_id') }}
        end as customer_id,
        sale_lines.staff_id,
        sale_lines.item_id,
        sale_lines.appointment_service_id,
        sale_lines.package_redemption_id,
        sale_lines.line_type,
        sale_lines.description,
        sale_lines.discount_type,
        sale_lines.discount_code,
        sales.currency,
        coalesce(sale_lines.quantity, 1) as quantity,
        {{ to_exact_minor('sale_lines.gross_amount', 'sales.currency_exponent') }}
            as gross_exact,
        {{ to_exact_minor('sale_lines.discount_amount', 'sales.currency_exponent') }}
            as discount_exact,
        {{ to_exact_minor('sale_lines.tax_amount', 'sales.currency_exponent') }}
            as tax_exact,
        sale_lines.source_system,
        sale_lines.load_id
    from sale_lines
    inner join {{ ref('input__sales') }} as sales
        on
            sale_lines.organization_id = sales.organization_id
            and sale_lines.sale_id = sales.sale_id
    {{ join_customer_ids('sale_lines') }}
)

select * from final
