with payments as (
    select * from {{ ref('input__payments') }}
),

final as (
    select
        payments.organization_id,
        payments.payment_id,
        payments.sale_id,
        payments.location_id,
        coalesce(settled.customer_id, payments.customer_id) as customer_id,
        payments.tip_staff_id,
        payments.gift_card_id,
        payments.tender_type,
        payments.status,
        payments.currency,
        payments.source_system,
        payments.amount_minor,
        coalesce(payments.tip_minor, 0) as tip_minor,
        payments.processing_fee_minor,
        case
            when settled.payment_id is null or settled.is_liability_redemption then 0
            else settled.amount_minor + settled.tip_minor
        end as collected_minor,
        coalesce(settled.allocated_minor, 0) as allocated_minor,
        coalesce(settled.over_payment_minor, 0) as over_payment_minor,
        coalesce(settled.unallocated_minor, 0) as unallocated_minor,
        settled.payment_id is not null as is_completed,
        settled.sale_id is not null as has_closed_sale,
        payments.tender_type in ('gift_card', 'loyalty', 'account')
            as is_liability_redemption,
        payments.business_date,
        settled.sale_business_date,
        payments.paid_at,
        {{ refreshed_at() }} as updated_at
    from payments
    left join {{ ref('int_payments_settled') }} as settled
        on
            payments.organization_id = settled.organization_id
            and payments.payment_id = settled.payment_id
)

select * from final
