-- One row per booking: when it ends, whether it is over at the refresh's clock, and the
-- least and the most notice a cancellation can have given where the source knows only
-- days.
with appointments as (
    select * from {{ ref('input__appointments') }}
),

service_ends as (
    select
        organization_id,
        appointment_id,
        count(*) as service_count,
        max(end_at) as last_end_at,
        case when count(duration_minutes) = count(*) then sum(duration_minutes) end
            as service_minutes,
        sum(price_minor) as price_minor
    from {{ ref('int_appointment_services_timed') }}
    group by organization_id, appointment_id
),

bounded as (
    select
        appointments.organization_id,
        appointments.appointment_id,
        locations.timezone,
        locations.currency,
        locations.business_day_cutoff_minutes,
        coalesce(service_ends.service_count, 0) as service_count,
        service_ends.service_minutes,
        service_ends.price_minor,
        coalesce(appointments.end_at, service_ends.last_end_at) as end_at,
        appointments.start_at as earliest_start_at,
        case
            when appointments.has_start_time then appointments.start_at
            else {{ business_day_last_minute(
                'appointments.start_date',
                'locations.timezone',
                'locations.business_day_cutoff_minutes'
            ) }}
        end as latest_start_at,
        coalesce(
            appointments.cancelled_at,
            {{ business_day_start(
                'appointments.cancelled_date',
                'locations.timezone',
                'locations.business_day_cutoff_minutes'
            ) }}
        ) as earliest_cancelled_at,
        coalesce(
            appointments.cancelled_at,
            {{ business_day_last_minute(
                'appointments.cancelled_date',
                'locations.timezone',
                'locations.business_day_cutoff_minutes'
            ) }}
        ) as latest_cancelled_at
    from appointments
    {{ join_locations('appointments') }}
    left join service_ends
        on
            appointments.organization_id = service_ends.organization_id
            and appointments.appointment_id = service_ends.appointment_id
),

final as (
    select
        organization_id,
        appointment_id,
        timezone,
        currency,
        business_day_cutoff_minutes,
        service_count,
        service_minutes,
        cast(price_minor as bigint) as price_minor,
        end_at,
        -- Without an end it is over when it starts; without a time, when its day is
        -- over.
        coalesce(end_at, latest_start_at) <= {{ as_of() }} as is_over,
        cast(
            {{ minutes_between('latest_cancelled_at', 'earliest_start_at') }}
            as numeric(18, 6)
        ) as least_notice_minutes,
        cast(
            {{ minutes_between('earliest_cancelled_at', 'latest_start_at') }}
            as numeric(18, 6)
        ) as most_notice_minutes
    from bounded
)

select * from final
