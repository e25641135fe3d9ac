with locations as (
    select * from {{ ref('input__locations') }}
),

-- An event that names no location falls on the day at the business's first one.
first_locations as (
    select
        organization_id,
        min(location_id) as location_id
    from locations
    group by organization_id
),

events as (
    select
        gift_card_events.*,
        coalesce(locations.timezone, 'UTC') as timezone,
        coalesce(locations.business_day_cutoff_minutes, 0)
            as business_day_cutoff_minutes
    from {{ ref('input__gift_card_events') }} as gift_card_events
    left join first_locations
        on gift_card_events.organization_id = first_locations.organization_id
    left join locations
        on
            gift_card_events.organization_id = locations.organization_id
            and coalesce(gift_card_events.location_id, first_locations.location_id)
            = locations.location_id
),

running as (
    select
        events.*,
        sum(amount_minor) over (
            partition by organization_id, gift_card_id, currency
            order by occurred_at, gift_card_event_id
            rows between unbounded preceding and current row
        ) as closing_balance_minor,
        row_number() over (
            partition by organization_id, gift_card_id, currency
            order by occurred_at desc, gift_card_event_id desc
        ) as events_to_the_latest,
        min(occurred_at) over (
            partition by organization_id, gift_card_id, currency
        ) as first_event_at
    from events
),

final as (
    select
        organization_id,
        gift_card_event_id,
        gift_card_id,
        location_id,
        customer_id,
        sale_id,
        event_type,
        case event_type
            when 'activate' then 'sold'
            when 'load' then 'sold'
            when 'redeem' then 'redeemed'
            when 'refund' then 'refunded'
            when 'expire' then 'expired'
            when 'deactivate' then 'expired'
            when 'import' then 'imported'
            when 'transfer' then 'transferred'
            else 'adjusted'
        end as movement,
        currency,
        source_system,
        cast(closing_balance_minor - amount_minor as bigint) as opening_balance_minor,
        amount_minor,
        cast(closing_balance_minor as bigint) as closing_balance_minor,
        events_to_the_latest = 1 as is_latest,
        {{ local_business_date(
            'occurred_at', 'timezone', 'business_day_cutoff_minutes'
        ) }} as business_date,
        first_event_at,
        occurred_at,
        {{ refreshed_at() }} as updated_at
    from running
)

select * from final
