-- One row per organization: its bookings that loads have brought and no refresh has taken yet.
with landed as (
    select
        organization_id,
        max(_source_system) as source_system,
        count(*) filter (where _is_deleted) as vanished,
        count(*) filter (
            where not _is_deleted
            and (
                coalesce(start_at, cast(start_date as timestamptz)) < '1990-01-01'
                or coalesce(start_at, cast(start_date as timestamptz))
                > %(as_of)s + interval '5 years'
                or created_at < '1990-01-01'
            )
        ) as implausible_dates
    from raw_native.appointments
    where _load_id = any(%(load_ids)s)
    group by organization_id
)

select
    landed.organization_id,
    landed.source_system,
    landed.implausible_dates,
    held.rows_held,
    case when %(compares)s then landed.vanished end as vanished
from landed
cross join lateral (
    -- Counted only as far as it takes to tell: a share below a tenth shows as a tenth.
    select count(*) as rows_held
    from (
        select from raw_native.appointments as held
        where held.organization_id = landed.organization_id
        limit greatest(20, 10 * landed.vanished)
    ) as enough
) as held
