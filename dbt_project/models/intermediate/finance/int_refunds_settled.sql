-- One row per completed refund: what of it pays for returned lines, and what reverses a
-- sale.
with running as (
    select
        *,
        case when may_settle_returns then amount_minor else 0 end as offered_minor,
        sum(case when may_settle_returns then amount_minor else 0 end) over (
            partition by organization_id, sale_id
            order by refunded_at, refund_id
            rows between unbounded preceding and current row
        ) as offered_through
    from {{ ref('int_refunds_linked') }}
),

-- The returned lines of a ticket already lowered its sales: paying for them changes
-- cash alone.
spans as (
    select
        *,
        least(offered_through - offered_minor, settled_by_refunds_minor)
            as settled_before_minor,
        least(offered_through, settled_by_refunds_minor) as settled_through_minor
    from running
),

settled as (
    select
        *,
        case
            when sale_id is null then 0
            else settled_through_minor - settled_before_minor
        end as settles_returns_minor
    from spans
),

-- Tax stated for the whole refund is split as its amount is.
final as (
    select
        organization_id,
        refund_id,
        payment_id,
        sale_id,
        sale_line_id,
        location_id,
        customer_id,
        tender_type,
        currency,
        amount_minor,
        tip_minor,
        processing_fee_minor,
        link,
        settled_by_refunds_minor,
        cast(settled_before_minor as bigint) as settled_before_minor,
        cast(settled_through_minor as bigint) as settled_through_minor,
        cast(settles_returns_minor as bigint) as settles_returns_minor,
        cast(amount_minor - settles_returns_minor as bigint) as reversed_minor,
        cast(round({{ safe_divide(
            'stated_tax_minor * (amount_minor - settles_returns_minor)', 'amount_minor'
        ) }}) as bigint) as stated_tax_minor,
        is_liability_redemption,
        business_date,
        refunded_at
    from settled
)

select * from final
