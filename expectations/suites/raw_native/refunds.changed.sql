-- One row per organization: its refunds that loads have brought and no refresh has taken yet.
select
    organization_id,
    max(_source_system) as source_system,
    count(*) filter (
        where
            coalesce(refunded_at, cast(refunded_date as timestamptz)) < '1990-01-01'
            or coalesce(refunded_at, cast(refunded_date as timestamptz))
            > %(as_of)s + interval '5 years'
    ) as implausible_dates
from raw_native.refunds
where
    _load_id = any(%(load_ids)s)
    and not _is_deleted
    and (status is null or status = 'completed')
group by organization_id
