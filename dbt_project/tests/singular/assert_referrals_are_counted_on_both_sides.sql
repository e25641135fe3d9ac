-- Clients who name a referrer are as many as that referrer is said to have brought.
{{ config(meta={'dimension': 'consistency', 'dagster': {'ref': {'name': 'customer_analytics'}}}) }}

with named as (
    select
        clients.organization_id,
        clients.referred_by_customer_id as customer_id,
        count(*) as referred_customers,
        count(clients.first_visit_at) as referred_customers_visited
    from {{ as_it_will_be(ref('customer_analytics'), 'clients') }}
    where clients.referred_by_customer_id is not null
    group by clients.organization_id, clients.referred_by_customer_id
)

select
    referrers.organization_id,
    referrers.customer_id,
    named.referred_customers,
    referrers.referred_customers as brought,
    named.referred_customers_visited,
    referrers.referred_customers_visited as brought_and_visited
from {{ ref('customer_analytics') }} as referrers
left join named
    on
        referrers.organization_id = named.organization_id
        and referrers.customer_id = named.customer_id
where
    coalesce(named.referred_customers, 0) <> coalesce(referrers.referred_customers, 0)
    or coalesce(named.referred_customers_visited, 0)
    <> coalesce(referrers.referred_customers_visited, 0)
