-- One row per client of an organization that records who referred whom: whom they
-- brought.
with identity as (
    select * from {{ ref('int_customer_identity') }}
),

referred as (
    select
        identity.organization_id,
        identity.referred_by_customer_id as customer_id,
        count(*) as referred_customers,
        count(visits.first_visit_at) as referred_customers_visited
    from identity
    {{ join_customer_facts(ref('int_customer_visits'), 'identity', 'visits') }}
    where identity.referred_by_customer_id is not null
    group by identity.organization_id, identity.referred_by_customer_id
),

final as (
    select
        customers.organization_id,
        customers.customer_id,
        coalesce(referred.referred_customers, 0) > 0 as is_referrer,
        coalesce(referred.referred_customers, 0) as referred_customers,
        coalesce(referred.referred_customers_visited, 0) as referred_customers_visited
    from {{ ref('int_customers_listed') }} as customers
    inner join {{ ref('int_organization_coverage') }} as coverage
        on
            customers.organization_id = coverage.organization_id
            and coverage.has_referrals
    {{ join_customer_facts('referred') }}
)

select * from final
