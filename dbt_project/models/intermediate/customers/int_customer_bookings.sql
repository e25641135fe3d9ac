-- One row per client of an organization that sends bookings: how many there are and how
-- they fared.
{%- set facts = [
    'organization_id', 'customer_id', 'location_id', 'cancelled_by', 'is_accepted',
    'is_attended', 'is_upcoming', 'is_cancelled', 'is_late_cancelled', 'is_declined',
    'is_no_show', 'start_date', 'created_at', 'start_at', 'cancelled_at'
] %}

{%- set published = [
    'first_booking_created_at', 'first_booking_at', 'next_booking_at', 'last_cancelled_at',
    'accepted_bookings', 'attended_bookings', 'upcoming_bookings', 'cancelled_bookings',
    'cancelled_by_customer_bookings', 'cancelled_by_business_bookings',
    'late_cancelled_bookings', 'declined_bookings', 'no_show_bookings',
    'days_since_last_no_show'
] %}

with customers as (
    {{ customers_covered_by('coverage.has_appointments', news='has_new_bookings') }}
),

appointments as (
    select
        appointments.*,
        today.today_date
    from
        {{ client_history(
            ref('int_appointments_derived'), 'appointments', facts,
            clients=has_news('has_new_bookings')
        ) }} as appointments
    inner join {{ ref('int_location_today') }} as today
        on
            appointments.organization_id = today.organization_id
            and appointments.location_id = today.location_id
),

counted as (
    select
        organization_id,
        customer_id,
        min(created_at) filter (where is_accepted) as first_booking_created_at,
        min(start_at) filter (where is_accepted) as first_booking_at,
        min(start_at) filter (where is_upcoming) as next_booking_at,
        max(cancelled_at) filter (where is_cancelled) as last_cancelled_at,
        count(*) filter (where is_accepted) as accepted_bookings,
        count(*) filter (where is_attended) as attended_bookings,
        count(*) filter (where is_upcoming) as upcoming_bookings,
        count(*) filter (where is_cancelled) as cancelled_bookings,
        count(*) filter (where is_cancelled and cancelled_by = 'customer')
            as cancelled_by_customer_bookings,
        count(*) filter (where is_cancelled and cancelled_by = 'business')
            as cancelled_by_business_bookings,
        count(*) filter (where is_late_cancelled) as late_cancelled_bookings,
        count(*) filter (where is_late_cancelled is null) as unclear_cancelled_bookings,
        count(*) filter (where is_declined) as declined_bookings,
        count(*) filter (where is_no_show) as no_show_bookings,
        min({{ days_between('start_date', 'today_date') }}) filter (where is_no_show)
            as days_since_last_no_show
    from appointments
    where customer_id is not null
    group by organization_id, customer_id
),

final as (
    select
        customers.organization_id,
        customers.customer_id,
        counted.first_booking_created_at,
        counted.first_booking_at,
        counted.next_booking_at,
        counted.last_cancelled_at,
        coalesce(counted.accepted_bookings, 0) as accepted_bookings,
        coalesce(counted.attended_bookings, 0) as attended_bookings,
        coalesce(counted.upcoming_bookings, 0) as upcoming_bookings,
        coalesce(counted.cancelled_bookings, 0) as cancelled_bookings,
        case
            when not coverage.hides_who_cancelled
                then coalesce(counted.cancelled_by_customer_bookings, 0)
        end as cancelled_by_customer_bookings,
        case
            when not coverage.hides_who_cancelled
                then coalesce(counted.cancelled_by_business_bookings, 0)
        end as cancelled_by_business_bookings,
        case
            when coalesce(counted.unclear_cancelled_bookings, 0) = 0
                then coalesce(counted.late_cancelled_bookings, 0)
        end as late_cancelled_bookings,
        coalesce(counted.declined_bookings, 0) as declined_bookings,
        coalesce(counted.no_show_bookings, 0) as no_show_bookings,
        counted.days_since_last_no_show
    from customers
    {{ join_customer_facts('counted') }}
    inner join {{ ref('int_organization_coverage') }} as coverage
        on customers.organization_id = coverage.organization_id
    {{ union_published_clients('has_new_bookings', published, 'accepted_bookings') }}
)

select * from final
