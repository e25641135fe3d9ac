-- Day by day and tender by tender, the cash ledger is the completed payments less the
-- completed refunds of that location, tips included; so is what was collected, and so
-- are processing fees.
{{ config(meta={'dimension': 'consistency', 'dagster': {'ref': {'name': 'financial_daily'}}}) }}

with moved as (
    select
        organization_id,
        location_id,
        currency,
        business_date,
        tender_type,
        is_liability_redemption,
        processing_fee_minor,
        amount_minor + tip_minor as amount_minor
    from {{ ref('payments') }}
    where is_completed
    union all
    select
        organization_id,
        location_id,
        currency,
        business_date,
        tender_type,
        tender_type in ('gift_card', 'loyalty', 'account') as is_liability_redemption,
        processing_fee_minor,
        -amount_minor - tip_minor as amount_minor
    from {{ ref('refunds') }}
    where is_completed
),

counted as (
    select moved.*
    from moved
    inner join {{ ref('locations') }} as locations
        on
            moved.organization_id = locations.organization_id
            and moved.location_id = locations.location_id
            and moved.currency = locations.currency
    where {{ is_in_scope('moved', 'days', ['location_id', 'business_date']) }}
),

differences as (
    {% for tender in [
        'cash', 'card', 'wallet', 'bank_transfer', 'online', 'gift_card', 'loyalty', 'account',
        'other'
    ] %}
    select
        organization_id,
        location_id,
        business_date,
        '{{ tender }}' as measure,
        cash_{{ tender }}_minor as amount_minor
    from {{ ref('financial_daily') }}
    union all
    {% endfor %}
    {% for measure in ['total_collected', 'processing_fees'] %}
    select
        organization_id,
        location_id,
        business_date,
        '{{ measure }}' as measure,
        coalesce(cash_{{ measure }}_minor, 0) as amount_minor
    from {{ ref('financial_daily') }}
    union all
    {% endfor %}
    select
        organization_id,
        location_id,
        business_date,
        tender_type as measure,
        -amount_minor as amount_minor
    from counted
    union all
    select
        organization_id,
        location_id,
        business_date,
        'total_collected' as measure,
        -amount_minor as amount_minor
    from counted
    where not is_liability_redemption
    union all
    select
        organization_id,
        location_id,
        business_date,
        'processing_fees' as measure,
        -coalesce(processing_fee_minor, 0) as amount_minor
    from counted
)

select
    organization_id,
    location_id,
    business_date,
    measure,
    sum(amount_minor) as difference_minor
from differences
group by organization_id, location_id, business_date, measure
having sum(amount_minor) <> 0
