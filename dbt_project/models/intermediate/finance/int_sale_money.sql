-- One row per closed ticket that money moved for: what was paid for it and given back,
-- ever.
with payments as (
    select
        organization_id,
        sale_id,
        sum(amount_minor) as paid_minor,
        sum(tip_minor) as tips_minor,
        sum(allocated_minor) as allocated_minor,
        sum(over_payment_minor) as over_payment_minor,
        count(*) as payments
    from {{ ref('int_payments_settled') }}
    where sale_id is not null
    group by organization_id, sale_id
),

refunds as (
    select
        organization_id,
        sale_id,
        sum(amount_minor) as refunded_minor,
        sum(
            case
                when is_return_settlement then 0
                when
                    coalesce(line_type, 'service') in ('service', 'product')
                    then net_minor
                else 0
            end
        ) as reversed_net_minor
    from {{ ref('int_refund_allocations') }}
    where sale_id is not null
    group by organization_id, sale_id
),

final as (
    select
        coalesce(payments.organization_id, refunds.organization_id) as organization_id,
        coalesce(payments.sale_id, refunds.sale_id) as sale_id,
        cast(coalesce(payments.paid_minor, 0) as bigint) as paid_minor,
        cast(coalesce(payments.tips_minor, 0) as bigint) as tips_minor,
        cast(coalesce(payments.allocated_minor, 0) as bigint) as allocated_minor,
        cast(coalesce(payments.over_payment_minor, 0) as bigint) as over_payment_minor,
        cast(coalesce(refunds.refunded_minor, 0) as bigint) as refunded_minor,
        cast(coalesce(refunds.reversed_net_minor, 0) as bigint) as reversed_net_minor,
        coalesce(payments.payments, 0) as payments
    from payments
    full outer join refunds
        on
            payments.organization_id = refunds.organization_id
            and payments.sale_id = refunds.sale_id
)

select * from final
