with appointments as (
    select * from {{ ref('int_appointments_derived') }}
),

attended as (
    select * from {{ ref('int_appointments_attended') }}
),

final as (
    select
        appointments.organization_id,
        appointments.appointment_id,
        appointments.location_id,
        appointments.customer_id,
        appointments.source_customer_id,
        attended.visit_id,
        appointments.status,
        appointments.derived_status,
        appointments.attendance_basis,
        appointments.source,
        appointments.cancelled_by,
        appointments.cancellation_reason,
        appointments.currency,
        appointments.source_system,
        appointments.service_count,
        appointments.service_minutes,
        appointments.duration_minutes,
        appointments.price_minor,
        appointments.lead_time_hours,
        appointments.cancellation_notice_hours,
        appointments.start_hour,
        appointments.is_accepted,
        appointments.is_attended,
        appointments.is_upcoming,
        appointments.is_cancelled,
        appointments.is_late_cancelled,
        appointments.is_no_show,
        appointments.is_declined,
        appointments.is_walk_in,
        appointments.has_start_time,
        appointments.start_date,
        appointments.created_date,
        appointments.cancelled_date,
        appointments.start_at,
        appointments.end_at,
        appointments.created_at,
        appointments.cancelled_at,
        {{ refreshed_at() }} as updated_at
    from appointments
    left join attended
        on
            appointments.organization_id = attended.organization_id
            and appointments.appointment_id = attended.appointment_id
)

select * from final
