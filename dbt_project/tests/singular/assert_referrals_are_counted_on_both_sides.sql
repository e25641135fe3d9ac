-- Clients who name a referrer of the business are as many as its referrers are said to have
-- brought.
{{ config(meta={'dimension': 'consistency', 'dagster': {'ref': {'name': 'customer_analytics'}}}) }}

with named as (
    select
        clients.organization_id,
        count(*) as referred_customers,
        count(clients.first_visit_at) as referred_customers_visited
    from {{ ref('customer_analytics') }} as clients
    inner join {{ ref('customer_analytics') }} as referrers
        on
            clients.organization_id = referrers.organization_id
            and clients.referred_by_customer_id = referrers.customer_id
    group by clients.organization_id
),

counted as (
    select
        organization_id,
        sum(referred_customers) as referred_customers,
        sum(referred_customers_visited) as referred_customers_visited
    from {{ ref('customer_analytics') }}
    where is_referrer
    group by organization_id
)

select
    named.*,
    counted.referred_customers as brought,
    counted.referred_customers_visited as brought_and_visited
from named
full outer join counted on named.organization_id = counted.organization_id
where
    coalesce(named.referred_customers, 0) <> coalesce(counted.referred_customers, 0)
    or coalesce(named.referred_customers_visited, 0)
    <> coalesce(counted.referred_customers_visited, 0)
