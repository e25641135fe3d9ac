-- Every client with a profile is in customer_analytics, merges followed, and nobody else is who
-- was merged away, stands for walk-ins or is a test.
{{ config(
    meta={'dimension': 'completeness', 'dagster': {'ref': {'name': 'customer_analytics'}}}
) }}

select
    profiles.organization_id,
    profiles.customer_id,
    'has no row' as problem
from {{ ref('input__customers') }} as profiles
left join {{ ref('customer_analytics') }} as clients
    on
        profiles.organization_id = clients.organization_id
        and profiles.customer_id = clients.customer_id
where
    clients.customer_id is null
    and {{ is_in_scope('profiles', 'customers', ['customer_id'], 'keys.is_published') }}

union all

select
    clients.organization_id,
    clients.customer_id,
    'is nobody' as problem
from {{ ref('customer_analytics') }} as clients
inner join {{ ref('input__customer_ids') }} as ids
    on
        clients.organization_id = ids.organization_id
        and clients.customer_id = ids.source_customer_id
where
    ids.customer_id is null
    or ids.customer_id <> clients.customer_id
    or ids.customer_type in ('walk_in', 'test')
