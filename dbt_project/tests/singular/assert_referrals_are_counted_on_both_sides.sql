-- Clients who name a referrer are as many as that referrer is said to have brought.
{{ config(meta={'dimension': 'consistency', 'dagster': {'ref': {'name': 'customer_analytics'}}}) }}

with referrers as (
    select * from {{ ref('customer_analytics') }}
),

brought as (
    select
        clients.organization_id,
        clients.referred_by_customer_id as customer_id,
        clients.first_visit_at
    from {{ ref('customer_analytics') }} as clients
    {%- if is_published('customer_analytics') %}
    {%- set node = public_node('customer_analytics') %}
    union all
    select
        public.organization_id,
        public.referred_by_customer_id as customer_id,
        public.first_visit_at
    from referrers
    inner join {{ public_table(node) }} as public
        on
            referrers.organization_id = public.organization_id
            and referrers.customer_id = public.referred_by_customer_id
    where not {{ is_recomputed(node, 'public') }}
    {%- endif %}
),

named as (
    select
        organization_id,
        customer_id,
        count(*) as referred_customers,
        count(first_visit_at) as referred_customers_visited
    from brought
    where customer_id is not null
    group by organization_id, customer_id
)

select
    referrers.organization_id,
    referrers.customer_id,
    named.referred_customers,
    referrers.referred_customers as brought,
    named.referred_customers_visited,
    referrers.referred_customers_visited as brought_and_visited
from referrers
left join named
    on
        referrers.organization_id = named.organization_id
        and referrers.customer_id = named.customer_id
where
    coalesce(named.referred_customers, 0) <> coalesce(referrers.referred_customers, 0)
    or coalesce(named.referred_customers_visited, 0)
    <> coalesce(referrers.referred_customers_visited, 0)
