with events as (
    select * from {{ ref('int_loyalty_events_classified') }}
),

locations as (
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

final as (
    select
        events.organization_id,
        events.loyalty_event_id,
        events.loyalty_account_id,
        events.customer_id,
        events.location_id,
        events.sale_id,
        events.event_type,
        events.effect,
        events.points,
        events.points_earned,
        events.points_redeemed,
        events.points_expired,
        events.points_adjusted,
        events.running_balance,
        events.account_balance_stated,
        events.is_latest,
        {{ local_business_date(
            'events.occurred_at',
            "coalesce(locations.timezone, 'UTC')",
            'coalesce(locations.business_day_cutoff_minutes, 0)'
        ) }} as occurred_date,
        events.occurred_at,
        events.expires_at,
        {{ refreshed_at() }} as updated_at
    from events
    left join first_locations
        on events.organization_id = first_locations.organization_id
    left join locations
        on
            events.organization_id = locations.organization_id
            and coalesce(events.location_id, first_locations.location_id)
            = locations.location_id
)

select * from final
