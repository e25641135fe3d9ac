-- One row per organization: the places it works at.
with places as (
    select
        *,
        coalesce(
            hours_monday, hours_tuesday, hours_wednesday, hours_thursday, hours_friday,
            hours_saturday, hours_sunday
        ) is not null as has_hours
    from raw_native.locations
    where not _is_deleted
)

select
    organization_id,
    max(_source_system) as source_system,
    count(*) as locations,
    case when bool_or(has_hours) then count(*) filter (where not has_hours) end as without_hours,
    count(*) filter (where opened_date is not null) as locations_with_opening,
    count(*) filter (
        where opened_date < '1900-01-01' or opened_date > %(as_of)s + interval '5 years'
    ) as implausible_dates
from places
group by organization_id
