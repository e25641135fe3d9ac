-- One row per thing that moves the cash ledger: where and when money moved, which
-- ladder line.
with entries as (
    select
        organization_id,
        location_id,
        currency,
        business_date,
        ladder_line,
        amount_minor
    from {{ ref('int_payment_allocations') }}
    union all
    select
        organization_id,
        location_id,
        currency,
        business_date,
        'unallocated' as ladder_line,
        unallocated_minor as amount_minor
    from {{ ref('int_payments_settled') }}
    union all
    select
        organization_id,
        location_id,
        currency,
        business_date,
        'over_payments' as ladder_line,
        over_payment_minor as amount_minor
    from {{ ref('int_payments_settled') }}
    union all
    select
        organization_id,
        location_id,
        currency,
        business_date,
        'tips' as ladder_line,
        tip_minor as amount_minor
    from {{ ref('int_payments_settled') }}
    union all
    select
        organization_id,
        location_id,
        currency,
        business_date,
        case
            when link = 'unallocated' then 'unallocated'
            else {{ ladder_line_of_line_type('line_type') }}
        end as ladder_line,
        -net_minor as amount_minor
    from {{ ref('int_refund_allocations') }}
    union all
    select
        organization_id,
        location_id,
        currency,
        business_date,
        case when link = 'unallocated' then 'unallocated' else 'tax' end as ladder_line,
        -tax_minor as amount_minor
    from {{ ref('int_refund_allocations') }}
    union all
    select
        organization_id,
        location_id,
        currency,
        business_date,
        'tips' as ladder_line,
        -tip_minor as amount_minor
    from {{ ref('int_refunds_settled') }}
    union all
    select
        organization_id,
        location_id,
        currency,
        business_date,
        'liability_redemptions' as ladder_line,
        -amount_minor - tip_minor as amount_minor
    from {{ ref('int_payments_settled') }}
    where is_liability_redemption
    union all
    -- A refund on to a gift card moves no money either: it undoes a redemption.
    select
        organization_id,
        location_id,
        currency,
        business_date,
        'liability_redemptions' as ladder_line,
        amount_minor + tip_minor as amount_minor
    from {{ ref('int_refunds_settled') }}
    where is_liability_redemption
),

-- A day holds one currency, its location's.
final as (
    select entries.*
    from entries
    inner join {{ ref('int_location_today') }} as locations
        on
            entries.organization_id = locations.organization_id
            and entries.location_id = locations.location_id
            and entries.currency = locations.currency
    where entries.amount_minor <> 0 and entries.business_date <= locations.today_date
)

select * from final
