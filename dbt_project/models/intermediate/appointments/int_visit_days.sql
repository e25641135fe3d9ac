-- One row per visit, before its money: bookings and sales of a client's day at a
-- location brought together, or of somebody unknown's booking or ticket. Two half-day
-- bookings are one visit.
with events as (
    select
        organization_id,
        visit_id,
        location_id,
        customer_id,
        attendance_basis,
        1 as is_booking,
        services,
        service_minutes,
        has_start_time as has_time,
        start_date as event_date,
        start_at as event_at
    from {{ ref('int_appointments_attended') }}
    union all
    select
        organization_id,
        visit_id,
        location_id,
        customer_id,
        'sale' as attendance_basis,
        0 as is_booking,
        1 as services,
        null as service_minutes,
        has_sale_time as has_time,
        service_date as event_date,
        sold_at as event_at
    from {{ ref('int_visit_sale_lines') }}
    where is_visit
),

days as (
    select
        organization_id,
        visit_id,
        location_id,
        min(customer_id) as customer_id,
        min(event_date) as visit_date,
        max(case when attendance_basis = 'stated' then 1 else 0 end) as is_stated,
        max(case when attendance_basis in ('paid_match', 'sale') then 1 else 0 end)
            as is_paid,
        sum(is_booking) as attended_bookings,
        sum(is_booking * services) as booked_services,
        sum((1 - is_booking) * services) as sold_services,
        sum(service_minutes) as service_minutes,
        min(case when is_booking = 1 and has_time then event_at end)
            as timed_booking_at,
        min(case when is_booking = 1 then event_at end) as booking_at,
        min(case when is_booking = 0 and has_time then event_at end) as timed_sale_at,
        min(case when is_booking = 0 then event_at end) as sale_at
    from events
    group by organization_id, visit_id, location_id
),

final as (
    select
        organization_id,
        visit_id,
        location_id,
        customer_id,
        case
            when is_stated = 1 then 'stated'
            when attended_bookings = 0 then 'sale'
            when is_paid = 1 then 'paid_match'
            else 'assumed'
        end as attendance_basis,
        attended_bookings,
        case when attended_bookings > 0 then booked_services else sold_services end
            as services,
        sold_services as service_lines,
        service_minutes,
        attended_bookings > 0 as is_booked,
        case
            when attended_bookings > 0 then timed_booking_at is not null
            else timed_sale_at is not null
        end as has_visit_time,
        visit_date,
        case
            when attended_bookings > 0 then coalesce(timed_booking_at, booking_at)
            else coalesce(timed_sale_at, sale_at)
        end as visit_at
    from days
)

select * from final
