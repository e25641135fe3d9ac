-- One row per completed payment: the closed ticket it pays, where that is known.
with final as (
    select
        payments.organization_id,
        payments.payment_id,
        sales.sale_id,
        payments.location_id,
        -- A deposit on an open ticket is paid by that ticket's client all the same.
        coalesce(payments.customer_id, named_sales.customer_id) as customer_id,
        payments.tip_staff_id,
        payments.tender_type,
        payments.currency,
        payments.amount_minor,
        coalesce(payments.tip_minor, 0) as tip_minor,
        payments.processing_fee_minor,
        -- Using up a gift card, points or credit brings no money in.
        payments.tender_type in ('gift_card', 'loyalty', 'account')
            as is_liability_redemption,
        sales.location_id as sale_location_id,
        sales.business_date as sale_business_date,
        payments.business_date,
        payments.paid_at
    from {{ ref('int_payments_completed') }} as payments
    left join {{ ref('int_sales_closed') }} as sales
        on
            payments.organization_id = sales.organization_id
            and payments.sale_id = sales.sale_id
            and payments.currency = sales.currency
    left join {{ ref('input__sales') }} as named_sales
        on
            payments.organization_id = named_sales.organization_id
            and payments.sale_id = named_sales.sale_id
)

select * from final
