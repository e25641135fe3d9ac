with appointment_services as (
    select * from {{ ref('int_appointment_services_derived') }}
),

services as (
    select * from {{ ref('input__services') }}
),

final as (
    select
        appointment_services.organization_id,
        appointment_services.appointment_id,
        appointment_services.appointment_service_id,
        appointment_services.location_id,
        appointment_services.customer_id,
        appointment_services.service_id,
        appointment_services.staff_id,
        services.name as service_name,
        services.category as service_category,
        appointment_services.status,
        appointment_services.derived_status,
        appointment_services.cancelled_by,
        appointment_services.currency,
        appointment_services.service_ordinal,
        appointment_services.duration_minutes,
        appointment_services.processing_minutes,
        appointment_services.service_minutes,
        appointment_services.price_minor,
        appointment_services.is_requested,
        appointment_services.is_accepted,
        appointment_services.is_attended,
        appointment_services.is_cancelled,
        appointment_services.is_late_cancelled,
        appointment_services.is_no_show,
        appointment_services.is_walk_in,
        appointment_services.start_date,
        appointment_services.start_at,
        appointment_services.end_at,
        {{ refreshed_at() }} as updated_at
    from appointment_services
    left join services
        on
            appointment_services.organization_id = services.organization_id
            and appointment_services.service_id = services.service_id
)

select * from final
