-- One row per organization and day: payments taken.
select
    organization_id,
    cast(coalesce(paid_at, cast(paid_date as timestamptz)) as date) as day,
    count(*) as value
from raw_native.payments
where
    not _is_deleted
    and (status is null or status = 'completed')
    and coalesce(paid_at, cast(paid_date as timestamptz)) <= %(as_of)s
group by 1, 2
