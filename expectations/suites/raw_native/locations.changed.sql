-- One row per organization: its places that loads have brought and no refresh has taken yet.
select
    organization_id,
    max(_source_system) as source_system,
    count(*) filter (where opened_date is not null) as locations_with_opening,
    count(*) filter (
        where opened_date < '1900-01-01' or opened_date > %(as_of)s + interval '5 years'
    ) as implausible_dates
from raw_native.locations
where _load_id = any(%(load_ids)s) and not _is_deleted
group by organization_id
