-- One row per completed payment: what of it settles its ticket, and what does not.
with joined as (
    select
        payments.*,
        settlements.payable_minor is not null as has_ticket,
        greatest(coalesce(settlements.payable_minor, 0), 0) as payable_minor,
        sum(payments.amount_minor) over (
            partition by payments.organization_id, payments.sale_id
            order by payments.paid_at, payments.payment_id
            rows between unbounded preceding and current row
        ) as paid_through
    from {{ ref('int_payments_linked') }} as payments
    left join {{ ref('int_ticket_settlements') }} as settlements
        on
            payments.organization_id = settlements.organization_id
            and payments.sale_id = settlements.sale_id
),

-- Payments settle a ticket in the order in which they came, up to what it comes to.
spans as (
    select
        *,
        least(paid_through - amount_minor, payable_minor) as settled_before_minor,
        least(paid_through, payable_minor) as settled_through_minor
    from joined
),

final as (
    select
        organization_id,
        payment_id,
        sale_id,
        location_id,
        customer_id,
        tip_staff_id,
        tender_type,
        currency,
        amount_minor,
        tip_minor,
        processing_fee_minor,
        cast(payable_minor as bigint) as payable_minor,
        cast(settled_before_minor as bigint) as settled_before_minor,
        cast(settled_through_minor as bigint) as settled_through_minor,
        cast(
            case
                when has_ticket then settled_through_minor - settled_before_minor else 0
            end
            as bigint
        ) as allocated_minor,
        cast(
            case
                when
                    has_ticket
                    then amount_minor - settled_through_minor + settled_before_minor
                else 0
            end as bigint
        ) as over_payment_minor,
        case when has_ticket then 0 else amount_minor end as unallocated_minor,
        is_liability_redemption,
        sale_location_id,
        sale_business_date,
        business_date,
        paid_at
    from spans
)

select * from final
