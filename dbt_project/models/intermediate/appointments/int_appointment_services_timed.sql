-- One row per service of a booking: its place, start and end within the booking. A
-- service without a start of its own begins when those before it have ended; an unknown
-- length makes the end unknown and delays nothing.
with appointment_services as (
    select * from {{ ref('input__appointment_services') }}
),

appointments as (
    select * from {{ ref('input__appointments') }}
),

-- Keys such as 1, 2, … 10 sort by their length first, so that 10 comes after 9.
ordered as (
    select
        organization_id,
        appointment_id,
        appointment_service_id,
        duration_minutes,
        price_minor,
        start_at,
        row_number() over (
            partition by organization_id, appointment_id
            order by length(appointment_service_id), appointment_service_id
        ) as service_ordinal,
        coalesce(
            sum(duration_minutes) over (
                partition by organization_id, appointment_id
                order by length(appointment_service_id), appointment_service_id
                rows between unbounded preceding and 1 preceding
            ), 0
        ) as earlier_minutes
    from appointment_services
),

started as (
    select
        ordered.organization_id,
        ordered.appointment_id,
        ordered.appointment_service_id,
        ordered.duration_minutes,
        ordered.price_minor,
        ordered.service_ordinal,
        coalesce(
            ordered.start_at,
            case
                when appointments.has_start_time then {{ add_minutes(
                    'appointments.start_at', 'ordered.earlier_minutes'
                ) }}
            end
        ) as start_at
    from ordered
    inner join appointments
        on
            ordered.organization_id = appointments.organization_id
            and ordered.appointment_id = appointments.appointment_id
),

final as (
    select
        organization_id,
        appointment_id,
        appointment_service_id,
        cast(service_ordinal as integer) as service_ordinal,
        duration_minutes,
        price_minor,
        start_at,
        {{ add_minutes('start_at', 'duration_minutes') }} as end_at
    from started
)

select * from final
