-- One row per location and day on which money moved: by tender, and what processors
-- kept.
with entries as (
    select
        organization_id,
        location_id,
        currency,
        business_date,
        tender_type,
        processing_fee_minor,
        amount_minor + tip_minor as amount_minor
    from {{ ref('int_payments_linked') }}
    union all
    select
        organization_id,
        location_id,
        currency,
        business_date,
        tender_type,
        processing_fee_minor,
        -amount_minor - tip_minor as amount_minor
    from {{ ref('int_refunds_linked') }}
),

-- A day holds one currency, its location's.
counted as (
    select entries.*
    from entries
    inner join {{ ref('int_location_today') }} as locations
        on
            entries.organization_id = locations.organization_id
            and entries.location_id = locations.location_id
            and entries.currency = locations.currency
    where entries.business_date <= locations.today_date
),

final as (
    select
        organization_id,
        location_id,
        business_date,
        cast(sum(processing_fee_minor) as bigint) as processing_fees_minor,
        {{ tender_sum('cash') }} as cash_minor,
        {{ tender_sum('card') }} as card_minor,
        {{ tender_sum('wallet') }} as wallet_minor,
        {{ tender_sum('bank_transfer') }} as bank_transfer_minor,
        {{ tender_sum('online') }} as online_minor,
        {{ tender_sum('gift_card') }} as gift_card_minor,
        {{ tender_sum('loyalty') }} as loyalty_minor,
        {{ tender_sum('account') }} as account_minor,
        {{ tender_sum('other') }} as other_minor
    from counted
    group by organization_id, location_id, business_date
)

select * from final
