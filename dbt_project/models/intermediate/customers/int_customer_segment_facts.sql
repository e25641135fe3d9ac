-- One row per client: the facts that the segments' rules are about, and nothing else.
with vip_tiers as (
    select distinct organization_id
    from {{ ref('int_customer_loyalty') }}
    where lower(loyalty_tier) = 'vip'
),

final as (
    select
        customers.organization_id,
        customers.customer_id,
        currencies.currency,
        lifecycle.lifecycle_status,
        value_ranks.value_tier,
        loyalty.loyalty_tier,
        -- Where no programme names a tier so, the top value tier stands in for it.
        case
            when vip_tiers.organization_id is null
                then value_ranks.value_tier = 'premium_vip'
            else coalesce(lower(loyalty.loyalty_tier) = 'vip', false)
        end as is_in_vip_tier,
        loyalty.loyalty_points_balance,
        visits.visits,
        visits.tenure_days,
        visits.days_since_last_visit,
        visits.median_days_between_visits,
        bookings.no_show_bookings,
        bookings.days_since_last_no_show,
        coalesce(referrals.is_referrer, false) as is_referrer,
        money.net_lifetime_minor,
        money.discounted_tickets,
        money.price_sensitivity_score,
        baseline.baseline_lifetime_value_minor,
        value_ranks.baseline_rank,
        value_ranks.lifetime_spend_rank,
        identity.birth_month,
        identity.birth_day,
        age.months_to_birthday,
        seasons.season_first_month,
        seasons.season_visits,
        seasons.seasons
    from
        {{ ref('int_customers_listed') }} as customers
    {%- for relation, alias in [
        (ref('int_customer_identity'), 'identity'),
        (ref('int_customer_age'), 'age'),
        (ref('int_customer_currency'), 'currencies'),
        (ref('int_customer_visits'), 'visits'),
        (ref('int_customer_lifecycle'), 'lifecycle'),
        (ref('int_customer_bookings'), 'bookings'),
        (ref('int_customer_money'), 'money'),
        (ref('int_customer_baseline'), 'baseline'),
        (ref('int_customer_value'), 'value_ranks'),
        (ref('int_customer_loyalty'), 'loyalty'),
        (ref('int_customer_referrals'), 'referrals'),
        (ref('int_customer_seasons'), 'seasons')
    ] %}
        {{ join_customer_facts(relation, alias=alias) }}
        {%- endfor %}
    left join vip_tiers on customers.organization_id = vip_tiers.organization_id
)

select * from final
