-- One row per organization: how the bookings of its last 90 days ended.
with latest as (
    select
        organization_id,
        count(*) filter (where is_no_show) > 0 as records_no_shows,
        max(start_date) filter (where not is_upcoming) as last_date
    from {published}
    group by organization_id
),

recently as (
    select
        bookings.organization_id,
        count(*) as ended,
        count(*) filter (where bookings.is_cancelled) as cancelled,
        count(*) filter (where bookings.is_attended or bookings.is_no_show) as kept_or_missed,
        count(*) filter (where bookings.is_no_show) as no_shows
    from {published} as bookings
    inner join latest
        on bookings.organization_id = latest.organization_id
    where
        bookings.start_date > latest.last_date - 90
        and bookings.start_date <= latest.last_date
        and not bookings.is_upcoming
    group by bookings.organization_id
)

select
    latest.organization_id,
    recently.ended,
    recently.cancelled,
    recently.kept_or_missed,
    case when latest.records_no_shows then recently.no_shows end as no_shows
from latest
left join recently
    on latest.organization_id = recently.organization_id
