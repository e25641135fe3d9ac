-- One row per service within a booking: its own fate where the source states one, else
-- the booking's, at the refresh's clock.
with judged as (
    select
        appointment_services.*,
        timed.service_ordinal,
        timed.start_at as known_start_at,
        timed.end_at as known_end_at,
        appointments.start_date,
        appointments.is_over,
        appointments.is_walk_in,
        appointments.service_count,
        appointments.duration_minutes as appointment_minutes,
        booking_status_map.derived_status as status_before,
        booking_status_map.derived_status_when_over,
        booking_status_map.derived_status_when_late,
        booking_status_map.cancelled_by,
        coalesce(booking_status_map.is_accepted, false) as is_accepted,
        coalesce(booking_status_map.is_cancelled, false) as is_cancelled,
        coalesce(booking_status_map.is_no_show, false) as is_no_show,
        coalesce(
            appointments.is_over and booking_status_map.counts_as_attended_when_over,
            false
        ) as is_attended,
        {{ is_late_cancelled('booking_status_map', 'appointment_times') }}
            as is_late_cancelled
    from {{ ref('input__appointment_services') }} as appointment_services
    inner join {{ ref('int_appointment_services_timed') }} as timed
        on
            appointment_services.organization_id = timed.organization_id
            and appointment_services.appointment_id = timed.appointment_id
            and appointment_services.appointment_service_id
            = timed.appointment_service_id
    inner join {{ ref('int_appointments_derived') }} as appointments
        on
            appointment_services.organization_id = appointments.organization_id
            and appointment_services.appointment_id = appointments.appointment_id
    inner join {{ ref('int_appointments_timed') }} as appointment_times
        on
            appointment_services.organization_id = appointment_times.organization_id
            and appointment_services.appointment_id = appointment_times.appointment_id
    left join {{ ref('booking_status_map') }} as booking_status_map
        on appointment_services.status = booking_status_map.status
),

final as (
    select
        organization_id,
        appointment_id,
        appointment_service_id,
        location_id,
        customer_id,
        service_id,
        staff_id,
        status,
        case
            when is_attended then derived_status_when_over
            when is_late_cancelled then derived_status_when_late
            else coalesce(status_before, status)
        end as derived_status,
        cancelled_by,
        currency,
        service_ordinal,
        duration_minutes,
        processing_minutes,
        -- The only service of a booking lasts as long as the booking.
        coalesce(
            duration_minutes, case when service_count = 1 then appointment_minutes end
        ) as service_minutes,
        price_minor,
        is_requested,
        is_accepted,
        is_attended,
        is_cancelled,
        is_late_cancelled,
        is_no_show,
        is_walk_in,
        start_date,
        known_start_at as start_at,
        known_end_at as end_at,
        source_system,
        load_id
    from judged
)

select * from final
