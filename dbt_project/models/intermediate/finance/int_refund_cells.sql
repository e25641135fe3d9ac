-- One row per refund that reverses ticket lines, line, and net or tax part that it is
-- spread over.
with refunds as (
    select * from {{ ref('int_refunds_settled') }}
    where reversed_minor > 0 and sale_id is not null
),

cell_lines as (
    select
        refunds.organization_id,
        refunds.refund_id,
        refunds.reversed_minor,
        refunds.stated_tax_minor,
        sale_lines.sale_line_id,
        sale_lines.line_type,
        sale_lines.staff_id,
        cast(sale_lines.net_minor as {{ type_decimal() }}) as net_minor,
        cast(sale_lines.tax_minor as {{ type_decimal() }}) as tax_minor
    from refunds
    inner join {{ ref('int_sale_lines_rounded') }} as sale_lines
        on
            refunds.organization_id = sale_lines.organization_id
            and refunds.sale_id = sale_lines.sale_id
            and not sale_lines.is_return
            and (
                refunds.sale_line_id is null
                or refunds.sale_line_id = sale_lines.sale_line_id
                -- What is left after a returned line was paid for reverses the other
                -- lines.
                or refunds.settles_returns_minor > 0
            )
),

summed as (
    select
        cell_lines.*,
        sum(net_minor) over (partition by organization_id, refund_id) as net_total,
        sum(tax_minor) over (partition by organization_id, refund_id) as tax_total,
        count(*) over (partition by organization_id, refund_id) as line_count
    from cell_lines
),

-- Tax is what the source states, else the share that tax has in the lines.
split as (
    select
        *,
        coalesce(
            stated_tax_minor,
            round(
                {{ safe_divide('reversed_minor * tax_total', 'net_total + tax_total') }}
            ),
            0
        ) as tax_reversed
    from summed
),

parts as (
    select
        organization_id,
        refund_id,
        sale_line_id,
        line_type,
        staff_id,
        'net' as part,
        reversed_minor - tax_reversed as part_minor,
        coalesce(
            {{ safe_divide(
                '(reversed_minor - tax_reversed) * net_minor', 'net_total'
            ) }},
            {{ safe_divide('reversed_minor - tax_reversed', 'line_count') }}
        ) as exact
    from split
    union all
    select
        organization_id,
        refund_id,
        sale_line_id,
        line_type,
        staff_id,
        'tax' as part,
        tax_reversed as part_minor,
        coalesce(
            {{ safe_divide('tax_reversed * tax_minor', 'tax_total') }},
            {{ safe_divide('tax_reversed', 'line_count') }}
        ) as exact
    from split
),

final as (
    select
        organization_id,
        refund_id,
        sale_line_id,
        line_type,
        staff_id,
        part,
        {{ allocate_minor(
            'exact', 'part_minor', 'organization_id, refund_id, part', 'sale_line_id'
        ) }} as amount_minor
    from parts
)

select * from final
