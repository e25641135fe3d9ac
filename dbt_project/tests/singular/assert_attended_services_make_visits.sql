-- Every booking with an attended service, and every attended one that lists none, is in
-- exactly one visit; every visit knows how many bookings it brings together. A pass over
-- keys knows all bookings of the days that it recomputes.
{{ config(meta={'dimension': 'consistency', 'dagster': {'ref': {'name': 'visits'}}}) }}

with attended_bookings as (
    select
        organization_id,
        appointment_id
    from {{ ref('appointment_services') }}
    where is_attended
    union
    select
        organization_id,
        appointment_id
    from {{ ref('appointments') }}
    where is_attended and service_count = 0
),

linked_bookings as (
    select
        organization_id,
        visit_id,
        count(*) as bookings
    from {{ ref('appointments') }}
    where visit_id is not null
    group by organization_id, visit_id
)

select
    attended_bookings.organization_id,
    attended_bookings.appointment_id as id,
    'attended booking without a visit' as problem
from attended_bookings
inner join {{ ref('appointments') }} as appointments
    on
        attended_bookings.organization_id = appointments.organization_id
        and attended_bookings.appointment_id = appointments.appointment_id
where appointments.visit_id is null
union all
select
    visits.organization_id,
    visits.visit_id as id,
    'visit with another number of bookings' as problem
from {{ ref('visits') }} as visits
left join linked_bookings
    on
        visits.organization_id = linked_bookings.organization_id
        and visits.visit_id = linked_bookings.visit_id
where
    visits.attended_bookings <> coalesce(linked_bookings.bookings, 0)
    and (visits.customer_id is null or {{ is_of_a_day_in_scope('visits') }})
