-- One row per organization and day: bookings made, or starting where the source says no more.
select
    organization_id,
    cast(coalesce(created_at, start_at, cast(start_date as timestamptz)) as date) as day,
    count(*) as value
from raw_native.appointments
where
    not _is_deleted
    and coalesce(created_at, start_at, cast(start_date as timestamptz)) <= %(as_of)s
group by 1, 2
