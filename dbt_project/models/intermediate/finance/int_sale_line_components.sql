-- One row per ticket line and line of the ladder that it feeds, signed as it moves the
-- total.
with sale_lines as (
    select
        *,
        line_type in ('service', 'product') as is_sale
    from {{ ref('int_sale_lines_rounded') }}
),

parts as (
    select
        sale_lines.*,
        'gross_sales' as ladder_line,
        'net' as part,
        gross_minor as amount_minor
    from sale_lines
    where is_sale and not is_return
    union all
    select
        sale_lines.*,
        {{ ladder_line_of_discount('discount_type') }} as ladder_line,
        'net' as part,
        -discount_minor as amount_minor
    from sale_lines
    where is_sale and not is_return
    union all
    select
        sale_lines.*,
        {{ ladder_line_of_line_type('line_type') }} as ladder_line,
        'net' as part,
        net_minor as amount_minor
    from sale_lines
    where is_return or not is_sale
    union all
    select
        sale_lines.*,
        'tax' as ladder_line,
        'tax' as part,
        tax_minor as amount_minor
    from sale_lines
),

settled as (
    select
        parts.*,
        settlements.settled_by_refunds_minor,
        case
            when parts.is_return
                then
            {{ safe_divide(
                '-parts.amount_minor * cast(settlements.settled_by_refunds_minor as '
                ~ type_decimal() ~ ')',
                'settlements.returns_minor'
            ) }}
            else 0
        end as settled_exact
    from parts
    inner join {{ ref('int_ticket_settlements') }} as settlements
        on
            parts.organization_id = settlements.organization_id
            and parts.sale_id = settlements.sale_id
    where parts.amount_minor <> 0
),

final as (
    select
        organization_id,
        sale_id,
        sale_line_id,
        ladder_line,
        part,
        location_id,
        staff_id,
        line_type,
        currency,
        cast(amount_minor as bigint) as amount_minor,
        {{ allocate_minor(
            'coalesce(settled_exact, 0)',
            'settled_by_refunds_minor',
            'organization_id, sale_id',
            'sale_line_id, ladder_line'
        ) }} as settled_by_refunds_minor,
        is_return,
        business_date,
        service_date
    from settled
)

select * from final
