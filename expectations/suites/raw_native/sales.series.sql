-- One row per organization and day: tickets closed.
select
    organization_id,
    cast(coalesce(closed_at, created_at, cast(sale_date as timestamptz)) as date) as day,
    count(*) as value
from raw_native.sales
where
    not _is_deleted
    and (status is null or status = 'closed')
    and coalesce(closed_at, created_at, cast(sale_date as timestamptz)) <= %(as_of)s
group by 1, 2
