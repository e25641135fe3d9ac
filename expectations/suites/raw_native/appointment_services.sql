-- One row per organization: the services of its bookings.
select
    services.organization_id,
    max(services._source_system) as source_system,
    count(*) as services,
    count(services.duration_minutes) as services_with_duration,
    count(*) filter (
        where services.duration_minutes not between 5 and 600
    ) as implausible_duration,
    case
        when count(services.duration_minutes) > 0
            then count(*) filter (where services.duration_minutes is null)
    end as without_duration,
    case
        when count(services.staff_id) > 0
            then count(*) filter (where services.staff_id is null)
    end as without_staff,
    case
        when count(services.service_id) > 0
            then count(*) filter (where services.service_id is null)
    end as without_item,
    count(*) filter (where appointments.appointment_id is null) as of_unknown_booking
from raw_native.appointment_services as services
left join raw_native.appointments
    on
        services.organization_id = appointments.organization_id
        and services.appointment_id = appointments.appointment_id
where not services._is_deleted
group by services.organization_id
