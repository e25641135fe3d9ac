-- One row per organization: its bookings as built, against those that readers see now, and how the
-- last 90 days of them ended.
with latest as (
    select
        organization_id,
        count(*) as bookings,
        count(*) filter (where is_no_show) > 0 as records_no_shows,
        max(start_date) filter (where not is_upcoming) as last_date
    from {built}
    group by organization_id
),

recently as (
    select
        bookings.organization_id,
        count(*) as ended,
        count(*) filter (where bookings.is_cancelled) as cancelled,
        count(*) filter (where bookings.is_attended or bookings.is_no_show) as kept_or_missed,
        count(*) filter (where bookings.is_no_show) as no_shows
    from {built} as bookings
    inner join latest
        on bookings.organization_id = latest.organization_id
    where
        bookings.start_date > latest.last_date - 90
        and bookings.start_date <= latest.last_date
        and not bookings.is_upcoming
    group by bookings.organization_id
),

published as (
    select organization_id, count(*) as bookings
    from {published}
    group by organization_id
)

select
    organization_id,
    published.bookings as published_rows,
    recently.ended,
    recently.cancelled,
    recently.kept_or_missed,
    case when latest.records_no_shows then recently.no_shows end as no_shows,
    case
        when %(compares)s then greatest(published.bookings - coalesce(latest.bookings, 0), 0)
    end as lost_rows
from latest
full outer join published using (organization_id)
left join recently using (organization_id)
