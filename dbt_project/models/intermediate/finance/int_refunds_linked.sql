-- One row per completed refund: what it gives back, as far as that is known.
with refunds as (
    select
        refunds.*,
        payments.payment_id is not null as has_payment,
        payments.customer_id as payment_customer_id,
        coalesce(refunds.sale_id, payments.sale_id) as named_sale_id,
        coalesce(refunds.tender_type, payments.tender_type, 'other')
            as given_on_tender_type
    from {{ ref('int_refunds_completed') }} as refunds
    left join {{ ref('input__payments') }} as payments
        on
            refunds.organization_id = payments.organization_id
            and refunds.payment_id = payments.payment_id
),

joined as (
    select
        refunds.*,
        sales.sale_id is not null as has_sale,
        settlements.sale_id as ticket_id,
        sale_lines.is_return as is_line_returned,
        sale_lines.sale_line_id as ticket_line_id,
        coalesce(settlements.settled_by_refunds_minor, 0) as settled_by_refunds_minor,
        coalesce(refunds.customer_id, sales.customer_id, refunds.payment_customer_id)
            as known_customer_id
    from refunds
    left join {{ ref('input__sales') }} as sales
        on
            refunds.organization_id = sales.organization_id
            and refunds.named_sale_id = sales.sale_id
            and refunds.currency = sales.currency
    left join {{ ref('int_ticket_settlements') }} as settlements
        on
            sales.organization_id = settlements.organization_id
            and sales.sale_id = settlements.sale_id
    left join {{ ref('int_sale_lines_rounded') }} as sale_lines
        on
            settlements.organization_id = sale_lines.organization_id
            and settlements.sale_id = sale_lines.sale_id
            and refunds.sale_line_id = sale_lines.sale_line_id
),

final as (
    select
        organization_id,
        refund_id,
        payment_id,
        ticket_id as sale_id,
        ticket_line_id as sale_line_id,
        location_id,
        known_customer_id as customer_id,
        given_on_tender_type as tender_type,
        currency,
        amount_minor,
        tax_minor as stated_tax_minor,
        coalesce(tip_minor, 0) as tip_minor,
        processing_fee_minor,
        settled_by_refunds_minor,
        case
            when ticket_line_id is not null then 'line'
            when ticket_id is not null then 'ticket'
            -- Money whose ticket is open or voided never was revenue, nor is giving it
            -- back.
            when has_payment or has_sale then 'unallocated'
            else 'unlinked'
        end as link,
        given_on_tender_type in ('gift_card', 'loyalty', 'account')
            as is_liability_redemption,
        ticket_id is not null
        and coalesce(is_line_returned, true) as may_settle_returns,
        business_date,
        refunded_at
    from joined
)

select * from final
