with refunds as (
    select * from {{ ref('input__refunds') }}
),

allocations as (
    select
        organization_id,
        refund_id,
        sum(net_minor) as net_minor,
        sum(tax_minor) as tax_minor,
        sum(
            case
                when link = 'unallocated' then 0
                when
                    coalesce(line_type, 'service') in ('service', 'product')
                    then net_minor
                else 0
            end
        ) as net_sales_minor,
        sum(
            case
                when
                    line_type in ('gift_card', 'package', 'membership')
                    then net_minor
                else 0
            end
        ) as net_liability_minor
    from {{ ref('int_refund_allocations') }}
    group by organization_id, refund_id
),

final as (
    select
        refunds.organization_id,
        refunds.refund_id,
        refunds.payment_id,
        coalesce(settled.sale_id, refunds.sale_id) as sale_id,
        refunds.sale_line_id,
        refunds.location_id,
        coalesce(settled.customer_id, refunds.customer_id) as customer_id,
        coalesce(settled.tender_type, refunds.tender_type) as tender_type,
        refunds.status,
        refunds.reason,
        settled.link,
        refunds.currency,
        refunds.source_system,
        refunds.amount_minor,
        cast(coalesce(allocations.net_minor, 0) as bigint) as net_minor,
        cast(coalesce(allocations.tax_minor, 0) as bigint) as tax_minor,
        cast(coalesce(allocations.net_sales_minor, 0) as bigint) as net_sales_minor,
        cast(coalesce(allocations.net_liability_minor, 0) as bigint)
            as net_liability_minor,
        coalesce(settled.settles_returns_minor, 0) as settles_returns_minor,
        coalesce(refunds.tip_minor, 0) as tip_minor,
        refunds.processing_fee_minor,
        settled.refund_id is not null as is_completed,
        coalesce(settled.link = 'ticket', false) as is_by_amount,
        coalesce(settled.link = 'unlinked', false) as is_unlinked,
        refunds.business_date,
        sales.business_date as sale_business_date,
        refunds.refunded_at,
        {{ refreshed_at() }} as updated_at
    from refunds
    left join {{ ref('int_refunds_settled') }} as settled
        on
            refunds.organization_id = settled.organization_id
            and refunds.refund_id = settled.refund_id
    left join allocations
        on
            refunds.organization_id = allocations.organization_id
            and refunds.refund_id = allocations.refund_id
    left join {{ ref('int_sales_closed') }} as sales
        on
            settled.organization_id = sales.organization_id
            and settled.sale_id = sales.sale_id
)

select * from final
