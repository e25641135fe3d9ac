-- One row per refund that pays for returned lines, returned line and line of the
-- ladder.
with refunds as (
    select * from {{ ref('int_refunds_settled') }}
    where settles_returns_minor > 0
),

cells as (
    select
        refunds.organization_id,
        refunds.refund_id,
        components.sale_line_id,
        components.ladder_line,
        components.part,
        components.line_type,
        components.staff_id,
        refunds.settled_before_minor,
        refunds.settled_through_minor,
        cast(components.settled_by_refunds_minor as {{ type_decimal() }})
        * refunds.settled_before_minor
        / refunds.settled_by_refunds_minor as exact_before,
        cast(components.settled_by_refunds_minor as {{ type_decimal() }})
        * refunds.settled_through_minor
        / refunds.settled_by_refunds_minor as exact_through
    from refunds
    inner join {{ ref('int_sale_line_components') }} as components
        on
            refunds.organization_id = components.organization_id
            and refunds.sale_id = components.sale_id
            and components.settled_by_refunds_minor <> 0
),

final as (
    select
        organization_id,
        refund_id,
        sale_line_id,
        ladder_line,
        part,
        line_type,
        staff_id,
        {{ allocate_minor(
            'exact_through',
            'settled_through_minor',
            'organization_id, refund_id',
            'sale_line_id, ladder_line'
        ) }}
        - {{ allocate_minor(
            'exact_before',
            'settled_before_minor',
            'organization_id, refund_id',
            'sale_line_id, ladder_line'
        ) }} as amount_minor
    from cells
)

select * from final
