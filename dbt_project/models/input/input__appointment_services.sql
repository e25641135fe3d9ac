with appointment_services as (
    select *
    from {{ scoped(
        ref('stg_native__appointment_services'), 'appointments', 'appointment_id'
    ) }}
        as appointment_services
    where {{ is_live('appointment_services') }}
),

final as (
    select
        appointment_services.organization_id,
        appointment_services.appointment_id,
        appointment_services.appointment_service_id,
        appointments.location_id,
        appointments.customer_id,
        appointment_services.service_id,
        appointment_services.staff_id,
        -- A service shares its booking's fate unless the source says otherwise.
        case
            when appointments.start_at > {{ as_of() }} then appointments.status
            else coalesce(appointment_services.status, appointments.status)
        end as status,
        locations.currency,
        appointment_services.duration_minutes,
        appointment_services.processing_minutes,
        {{ to_minor('appointment_services.price', 'locations.currency_exponent') }}
            as price_minor,
        appointment_services.is_requested,
        appointment_services.start_at,
        appointment_services.source_system,
        appointment_services.load_id
    from appointment_services
    inner join {{ ref('input__appointments') }} as appointments
        on
            appointment_services.organization_id = appointments.organization_id
            and appointment_services.appointment_id = appointments.appointment_id
    {{ join_locations('appointments') }}
)

select * from final
