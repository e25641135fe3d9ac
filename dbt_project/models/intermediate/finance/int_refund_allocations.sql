-- One row per refund and ticket line that it gives back; one without a line where none
-- is known.
with refunds as (
    select * from {{ ref('int_refunds_settled') }}
    where amount_minor > 0
),

reversed_cells as (
    select * from {{ ref('int_refund_cells') }}
),

cells as (
    select
        organization_id,
        refund_id,
        sale_line_id,
        line_type,
        staff_id,
        part,
        amount_minor,
        false as is_return_settlement
    from reversed_cells
    union all
    select
        organization_id,
        refund_id,
        sale_line_id,
        line_type,
        staff_id,
        part,
        amount_minor,
        true as is_return_settlement
    from {{ ref('int_refund_returns_settled') }}
),

by_line as (
    select
        organization_id,
        refund_id,
        sale_line_id,
        line_type,
        staff_id,
        is_return_settlement,
        sum(case when part = 'net' then amount_minor else 0 end) as net_minor,
        sum(case when part = 'tax' then amount_minor else 0 end) as tax_minor
    from cells
    group by
        organization_id,
        refund_id,
        sale_line_id,
        line_type,
        staff_id,
        is_return_settlement
),

without_line as (
    select
        refunds.organization_id,
        refunds.refund_id,
        cast(null as {{ type_text() }}) as sale_line_id,
        cast(null as {{ type_text() }}) as line_type,
        cast(null as {{ type_text() }}) as staff_id,
        false as is_return_settlement,
        refunds.reversed_minor - coalesce(refunds.stated_tax_minor, 0) as net_minor,
        coalesce(refunds.stated_tax_minor, 0) as tax_minor
    from refunds
    left join reversed_cells
        on
            refunds.organization_id = reversed_cells.organization_id
            and refunds.refund_id = reversed_cells.refund_id
    where refunds.reversed_minor > 0 and reversed_cells.refund_id is null
),

allocations as (
    select * from by_line
    union all
    select * from without_line
),

final as (
    select
        allocations.organization_id,
        allocations.refund_id,
        refunds.sale_id,
        allocations.sale_line_id,
        refunds.location_id,
        refunds.customer_id,
        allocations.staff_id,
        allocations.line_type,
        refunds.link,
        refunds.currency,
        cast(allocations.net_minor as bigint) as net_minor,
        cast(allocations.tax_minor as bigint) as tax_minor,
        cast(allocations.net_minor + allocations.tax_minor as bigint) as amount_minor,
        refunds.link = 'ticket' as is_by_amount,
        refunds.link = 'unlinked' as is_unlinked,
        allocations.is_return_settlement,
        refunds.business_date,
        refunds.refunded_at
    from allocations
    inner join refunds
        on
            allocations.organization_id = refunds.organization_id
            and allocations.refund_id = refunds.refund_id
)

select * from final
