-- One row per ticket line and line of the ladder that it feeds, signed as it moves the
-- total.
with sale_lines as (
    select
        organization_id,
        sale_id,
        sale_line_id,
        location_id,
        staff_id,
        line_type,
        discount_type,
        currency,
        gross_minor,
        discount_minor,
        net_minor,
        tax_minor,
        is_return,
        business_date,
        service_date,
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
    where is_sale and not is_return and gross_minor <> 0
    union all
    select
        sale_lines.*,
        {{ ladder_line_of_discount('discount_type') }} as ladder_line,
        'net' as part,
        -discount_minor as amount_minor
    from sale_lines
    where is_sale and not is_return and discount_minor <> 0
    union all
    select
        sale_lines.*,
        {{ ladder_line_of_line_type('line_type') }} as ladder_line,
        'net' as part,
        net_minor as amount_minor
    from sale_lines
    where (is_return or not is_sale) and net_minor <> 0
    union all
    select
        sale_lines.*,
        'tax' as ladder_line,
        'tax' as part,
        tax_minor as amount_minor
    from sale_lines
    where tax_minor <> 0
),

-- Few tickets have returns that refunds pay for: only these have anything to spread.
refunded as (
    select
        organization_id,
        sale_id,
        returns_minor,
        settled_by_refunds_minor
    from {{ ref('int_ticket_settlements') }}
    where settled_by_refunds_minor <> 0
),

settled_exact as (
    select
        parts.organization_id,
        parts.sale_id,
        parts.sale_line_id,
        parts.ladder_line,
        refunded.settled_by_refunds_minor,
        case when parts.is_return then {{ safe_divide(
            '-parts.amount_minor * cast(refunded.settled_by_refunds_minor as '
            ~ type_decimal() ~ ')',
            'refunded.returns_minor'
        ) }} end as settled_exact
    from parts
    inner join refunded
        on
            parts.organization_id = refunded.organization_id
            and parts.sale_id = refunded.sale_id
),

settled as (
    select
        organization_id,
        sale_id,
        sale_line_id,
        ladder_line,
        {{ allocate_minor(
            'coalesce(settled_exact, 0)',
            'settled_by_refunds_minor',
            'organization_id, sale_id',
            'sale_line_id, ladder_line'
        ) }} as settled_by_refunds_minor
    from settled_exact
),

final as (
    select
        parts.organization_id,
        parts.sale_id,
        parts.sale_line_id,
        parts.ladder_line,
        parts.part,
        parts.location_id,
        parts.staff_id,
        parts.line_type,
        parts.currency,
        cast(parts.amount_minor as bigint) as amount_minor,
        coalesce(settled.settled_by_refunds_minor, 0) as settled_by_refunds_minor,
        parts.is_return,
        parts.business_date,
        parts.service_date
    from parts
    left join settled
        on
            parts.organization_id = settled.organization_id
            and parts.sale_id = settled.sale_id
            and parts.sale_line_id = settled.sale_line_id
            and parts.ladder_line = settled.ladder_line
)

select * from final
