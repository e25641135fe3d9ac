-- One row per organization and day: events of points.
select
    organization_id,
    cast(occurred_at as date) as day,
    count(*) as value
from raw_native.loyalty_events
where not _is_deleted and occurred_at <= %(as_of)s
group by 1, 2
