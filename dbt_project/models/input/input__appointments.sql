with appointments as (
    select *
    from {{ scoped(ref('stg_native__appointments'), 'appointments', 'appointment_id') }}
        as appointments
    where {{ is_live('appointments') }} and {{ has_happened('created_at') }}
),

timed as (
    select
        appointments.*,
        locations.timezone,
        locations.business_day_cutoff_minutes,
        coalesce(
            appointments.start_at,
            {{ business_day_start(
                'appointments.start_date',
                'locations.timezone',
                'locations.business_day_cutoff_minutes'
            ) }}
        ) as known_start_at
    from appointments
    {{ join_locations('appointments') }}
),

final as (
    select
        timed.organization_id,
        timed.appointment_id,
        timed.location_id,
        {{ canonical_customer_id('timed.customer_id') }} as customer_id,
        timed.customer_id as source_customer_id,
        -- What had not happened yet at the refresh's clock is undone.
        case
            when timed.cancelled_at > {{ as_of() }} then 'confirmed'
            when
                timed.status in ('attended', 'no_show')
                and timed.known_start_at > {{ as_of() }}
                then 'confirmed'
            else timed.status
        end as status,
        timed.source,
        timed.cancellation_reason,
        timed.start_at is not null as has_start_time,
        timed.customer_id is null
        or coalesce(customer_ids.customer_type = 'walk_in', false)
            as is_walk_in,
        case
            when timed.start_at is null then timed.start_date
            else {{ local_business_date(
                'timed.start_at', 'timed.timezone', 'timed.business_day_cutoff_minutes'
            ) }}
        end as start_date,
        case when {{ has_happened('timed.cancelled_at') }} then coalesce(
            timed.cancelled_date,
            {{ local_business_date(
                'timed.cancelled_at', 'timed.timezone', 'timed.business_day_cutoff_minutes'
            ) }}
        ) end as cancelled_date,
        timed.created_at,
        timed.known_start_at as start_at,
        timed.end_at,
        case
            when timed.cancelled_at <= {{ as_of() }} then timed.cancelled_at
        end as cancelled_at,
        timed.source_system,
        timed.load_id
    from timed
    {{ join_customer_ids('timed') }}
    where {{ is_not_test_customer() }}
)

select * from final
