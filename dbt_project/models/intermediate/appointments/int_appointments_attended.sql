-- One row per booking at which at least one service took place, with the visit that it
-- belongs to. A booking that lists no services took place as a whole.
with attended_services as (
    select
        organization_id,
        appointment_id,
        count(*) as attended_services,
        sum(service_minutes) as service_minutes
    from {{ ref('int_appointment_services_derived') }}
    where is_attended
    group by organization_id, appointment_id
),

final as (
    select
        appointments.organization_id,
        appointments.appointment_id,
        {{ visit_id(
            'appointments.customer_id',
            'appointments.location_id',
            'appointments.start_date',
            'appointments.appointment_id'
        ) }} as visit_id,
        appointments.location_id,
        appointments.customer_id,
        appointments.attendance_basis,
        coalesce(attended_services.attended_services, 1) as services,
        coalesce(
            attended_services.service_minutes,
            case
                when attended_services.appointment_id is null
                    then appointments.duration_minutes
            end
        ) as service_minutes,
        appointments.has_start_time,
        appointments.start_date,
        appointments.start_at
    from {{ ref('int_appointments_derived') }} as appointments
    left join attended_services
        on
            appointments.organization_id = attended_services.organization_id
            and appointments.appointment_id = attended_services.appointment_id
    where
        attended_services.appointment_id is not null
        or (appointments.is_attended and appointments.service_count = 0)
)

select * from final
