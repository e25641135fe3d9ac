-- One row per organization: its bookings, and in detail those of its last 90 days.
with bookings as (
    select
        *,
        coalesce(start_at, cast(start_date as timestamptz)) as starts_at
    from raw_native.appointments
),

latest as (
    select organization_id, max(starts_at) as latest_at
    from bookings
    where not _is_deleted and starts_at <= %(as_of)s
    group by organization_id
),

recent as (
    select
        bookings.*,
        exists (
            select 1 from raw_native.appointment_services as services
            where
                services.organization_id = bookings.organization_id
                and services.appointment_id = bookings.appointment_id
                and not services._is_deleted
        ) as has_services,
        exists (
            select 1 from raw_native.locations
            where
                locations.organization_id = bookings.organization_id
                and locations.location_id = bookings.location_id
        ) as has_location
    from bookings
    inner join latest
        on
            bookings.organization_id = latest.organization_id
            and bookings.starts_at > latest.latest_at - interval '90 days'
            and bookings.starts_at <= latest.latest_at
    where not bookings._is_deleted
),

recently as (
    select
        organization_id,
        count(*) as bookings,
        count(*) filter (where customer_id is null) as without_client,
        count(*) filter (where not has_services) as without_services,
        count(*) filter (where not has_location) as at_unknown_location,
        count(*) filter (where created_at is null) as without_created_at,
        count(*) filter (
            where start_at is not null and source is distinct from 'walk_in'
        ) as bookings_with_start_time,
        count(*) filter (
            where created_at > start_at and source is distinct from 'walk_in'
        ) as booked_after_start,
        count(*) filter (
            where status = 'requested' and starts_at < %(as_of)s - interval '7 days'
        ) as never_answered
    from recent
    group by organization_id
),

ever as (
    select
        organization_id,
        max(_source_system) as source_system,
        count(created_at) > 0 as sends_created_at,
        count(*) filter (
            where not _is_deleted
            and (
                starts_at < '1990-01-01' or starts_at > %(as_of)s + interval '5 years'
                or created_at < '1990-01-01'
            )
        ) as implausible_dates
    from bookings
    group by organization_id
)

select
    ever.organization_id,
    ever.source_system,
    ever.implausible_dates,
    recently.bookings,
    recently.without_client,
    recently.at_unknown_location,
    recently.bookings_with_start_time,
    recently.booked_after_start,
    recently.never_answered,
    case when ever.sends_created_at then recently.without_created_at end as without_created_at,
    case
        when exists (
            select 1 from raw_native.appointment_services as services
            where services.organization_id = ever.organization_id
        ) then recently.without_services
    end as without_services
from ever
left join recently
    on ever.organization_id = recently.organization_id
