-- The visits of all clients are the visits of somebody known, business by business.
{{ config(meta={'dimension': 'consistency', 'dagster': {'ref': {'name': 'customer_analytics'}}}) }}

{%- set visit = ['organization_id', 'customer_id'] %}

with counted as (
    select
        organization_id,
        count(*) as visits,
        0 as clients_visits
    from
        {{ client_history(
            ref('visits'), 'visits', visit, clients='keys.is_changed'
        ) }} as visits
    where customer_id is not null
    group by organization_id
    union all
    select
        organization_id,
        0 as visits,
        sum(visits) as clients_visits
    from {{ ref('customer_analytics') }} as clients
    where {{ is_in_scope('clients', 'customers', ['customer_id'], 'keys.is_changed') }}
    group by organization_id
)

select
    organization_id,
    sum(visits) as visits,
    sum(clients_visits) as clients_visits
from counted
group by organization_id
having sum(visits) <> sum(clients_visits)
