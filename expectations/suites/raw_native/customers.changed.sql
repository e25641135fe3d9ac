-- One row per organization: profiles that loads have brought and no refresh has taken yet, without
-- pseudo-clients and tests.
with landed as (
    select
        organization_id,
        max(_source_system) as source_system,
        count(*) filter (where _is_deleted) as vanished
    from raw_native.customers
    where
        _load_id = any(%(load_ids)s)
        and (customer_type is null or customer_type in ('client', 'staff'))
    group by organization_id
)

select
    landed.organization_id,
    landed.source_system,
    held.rows_held,
    case when %(compares)s then landed.vanished end as vanished
from landed
cross join lateral (
    -- Counted only as far as it takes to tell: a share below a tenth shows as a tenth.
    select count(*) as rows_held
    from (
        select from raw_native.customers as held
        where
            held.organization_id = landed.organization_id
            and (held.customer_type is null or held.customer_type in ('client', 'staff'))
        limit greatest(20, 10 * landed.vanished)
    ) as enough
) as held
