-- What became of the bookings of all clients is what became of the bookings of somebody known.
{{ config(meta={'dimension': 'consistency', 'dagster': {'ref': {'name': 'customer_analytics'}}}) }}

{%- set facts = [
    'organization_id', 'customer_id', 'is_accepted', 'is_attended', 'derived_status'
] %}

with booked as (
    select
        organization_id,
        count(*) filter (where is_accepted) as accepted_bookings,
        count(*) filter (where is_attended) as attended_bookings,
        count(*) filter (where derived_status = 'no_show') as no_show_bookings
    from
        {{ client_history(
            ref('appointments'), 'appointments', facts, clients='keys.is_changed'
        ) }} as appointments
    where customer_id is not null
    group by organization_id
),

counted as (
    select
        organization_id,
        sum(accepted_bookings) as accepted_bookings,
        sum(attended_bookings) as attended_bookings,
        sum(no_show_bookings) as no_show_bookings
    from {{ ref('customer_analytics') }} as clients
    where {{ is_in_scope('clients', 'customers', ['customer_id'], 'keys.is_changed') }}
    group by organization_id
)

select
    booked.*,
    counted.accepted_bookings as clients_accepted_bookings,
    counted.attended_bookings as clients_attended_bookings,
    counted.no_show_bookings as clients_no_show_bookings
from booked
left join counted on booked.organization_id = counted.organization_id
where
    booked.accepted_bookings <> coalesce(counted.accepted_bookings, -1)
    or booked.attended_bookings <> coalesce(counted.attended_bookings, -1)
    or booked.no_show_bookings <> coalesce(counted.no_show_bookings, -1)
