-- One row per booking: what its status means at the refresh's clock. Status words are
-- read through seeds/reference/booking_status_map.csv, their only home.
with paid_appointments as (
    select distinct
        organization_id,
        appointment_id
    from {{ ref('input__sales') }}
    where status = 'closed' and appointment_id is not null
),

judged as (
    select
        appointments.*,
        case when appointments.has_start_time then appointments.start_at end
            as known_start_at,
        case when booking_status_map.is_cancelled then appointments.cancelled_at end
            as known_cancelled_at,
        timed.end_at as known_end_at,
        timed.is_over,
        timed.timezone,
        timed.currency,
        timed.business_day_cutoff_minutes,
        timed.service_count,
        timed.service_minutes,
        timed.price_minor,
        booking_status_map.cancelled_by,
        booking_status_map.derived_status as status_before,
        booking_status_map.derived_status_when_over,
        booking_status_map.derived_status_when_late,
        coalesce(booking_status_map.is_accepted, false) as is_accepted,
        coalesce(booking_status_map.is_cancelled, false) as is_cancelled,
        coalesce(booking_status_map.is_no_show, false) as is_no_show,
        coalesce(booking_status_map.is_declined, false) as is_declined,
        coalesce(
            timed.is_over and booking_status_map.counts_as_attended_when_over, false
        ) as is_attended,
        {{ is_late_cancelled('booking_status_map', 'timed') }} as is_late_cancelled
    from {{ ref('input__appointments') }} as appointments
    inner join {{ ref('int_appointments_timed') }} as timed
        on
            appointments.organization_id = timed.organization_id
            and appointments.appointment_id = timed.appointment_id
    left join {{ ref('booking_status_map') }} as booking_status_map
        on appointments.status = booking_status_map.status
),

final as (
    select
        judged.organization_id,
        judged.appointment_id,
        judged.location_id,
        judged.customer_id,
        judged.source_customer_id,
        judged.status,
        case
            when judged.is_attended then judged.derived_status_when_over
            when judged.is_late_cancelled then judged.derived_status_when_late
            else coalesce(judged.status_before, judged.status)
        end as derived_status,
        case
            when not judged.is_attended then null
            when judged.status = 'attended' then 'stated'
            when paid_appointments.appointment_id is not null then 'paid_match'
            else 'assumed'
        end as attendance_basis,
        judged.source,
        judged.cancelled_by,
        judged.cancellation_reason,
        judged.timezone,
        judged.currency,
        judged.business_day_cutoff_minutes,
        cast(judged.service_count as integer) as service_count,
        cast(judged.service_minutes as bigint) as service_minutes,
        cast(
            round({{ minutes_between('judged.start_at', 'judged.known_end_at') }})
            as bigint
        ) as duration_minutes,
        cast(judged.price_minor as bigint) as price_minor,
        cast(
            {{ minutes_between('judged.created_at', 'judged.known_start_at') }} / 60
            as numeric(12, 3)
        ) as lead_time_hours,
        cast(
            {{ minutes_between('judged.known_cancelled_at', 'judged.known_start_at') }}
            / 60 as numeric(12, 3)
        ) as cancellation_notice_hours,
        {{ local_hour('judged.known_start_at', 'judged.timezone') }} as start_hour,
        judged.is_over,
        judged.is_accepted,
        judged.is_attended,
        judged.is_accepted and judged.start_at > {{ as_of() }} as is_upcoming,
        judged.is_cancelled,
        judged.is_late_cancelled,
        judged.is_no_show,
        judged.is_declined,
        judged.is_walk_in,
        judged.has_start_time,
        judged.start_date,
        judged.cancelled_date,
        {{ local_business_date(
            'judged.created_at', 'judged.timezone', 'judged.business_day_cutoff_minutes'
        ) }} as created_date,
        judged.created_at,
        judged.start_at,
        judged.known_end_at as end_at,
        judged.cancelled_at,
        judged.source_system,
        judged.load_id
    from judged
    left join paid_appointments
        on
            judged.organization_id = paid_appointments.organization_id
            and judged.appointment_id = paid_appointments.appointment_id
)

select * from final
