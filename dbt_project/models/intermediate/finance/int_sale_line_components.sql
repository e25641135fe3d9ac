-- One row per ticket line and line of the ladder that it feeds, signed as it moves the
-- total.
{%- set facts = [
    'organization_id', 'sale_id', 'sale_line_id', 'location_id', 'staff_id', 'line_type',
    'currency', 'is_return', 'business_date', 'service_date'
] %}

with parts as (
    {{ ladder_parts(ref('int_sale_lines_rounded'), facts) }}
),

-- Few tickets have returns that refunds pay for: only these have anything to spread.
refunded_lines as (
    select
        sale_lines.*,
        tickets.returns_minor,
        tickets.settled_by_refunds_minor
    from {{ ref('int_ticket_settlements') }} as tickets
    inner join {{ ref('int_sale_lines_rounded') }} as sale_lines
        on
            tickets.organization_id = sale_lines.organization_id
            and tickets.sale_id = sale_lines.sale_id
    where tickets.settled_by_refunds_minor <> 0
),

settled_exact as (
    select
        organization_id,
        sale_id,
        sale_line_id,
        ladder_line,
        settled_by_refunds_minor,
        case when is_return then {{ safe_divide(
            '-amount_minor * cast(settled_by_refunds_minor as '
            ~ type_decimal() ~ ')',
            'returns_minor'
        ) }} end as settled_exact
    from (
        {{ ladder_parts(
            'refunded_lines', facts + ['returns_minor', 'settled_by_refunds_minor']
        ) }}
    ) as refunded_parts
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
