-- One row per closed ticket with lines: what payments have to settle, and what refunds
-- have to.
with line_sums as (
    select
        organization_id,
        sale_id,
        sum(total_minor) as total_minor,
        sum(case when is_return then -total_minor else 0 end) as returns_minor
    from {{ ref('int_sale_lines_rounded') }}
    group by organization_id, sale_id
),

payment_sums as (
    select
        organization_id,
        sale_id,
        sum(amount_minor) as paid_minor
    from {{ ref('int_payments_linked') }}
    where sale_id is not null
    group by organization_id, sale_id
),

joined as (
    select
        line_sums.organization_id,
        line_sums.sale_id,
        line_sums.total_minor,
        line_sums.returns_minor,
        coalesce(payment_sums.paid_minor, 0) as paid_minor
    from line_sums
    left join payment_sums
        on
            line_sums.organization_id = payment_sums.organization_id
            and line_sums.sale_id = payment_sums.sale_id
),

-- Returned goods are netted against the rest of the ticket; what was paid beyond the
-- net, and all of a ticket of returns alone, is for a refund to give back.
split as (
    select
        *,
        least(greatest(paid_minor - total_minor, 0), greatest(returns_minor, 0))
            as settled_by_refunds_minor
    from joined
),

final as (
    select
        organization_id,
        sale_id,
        cast(total_minor as bigint) as total_minor,
        cast(returns_minor as bigint) as returns_minor,
        cast(paid_minor as bigint) as paid_minor,
        cast(settled_by_refunds_minor as bigint) as settled_by_refunds_minor,
        cast(total_minor + settled_by_refunds_minor as bigint) as payable_minor
    from split
)

select * from final
