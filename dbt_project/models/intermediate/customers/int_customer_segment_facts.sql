-- One row per client: the facts that the segments' rules are about, and nothing else.
{%- set facts = [
    'organization_id', 'customer_id', 'currency', 'lifecycle_status', 'value_tier',
    'loyalty_tier', 'loyalty_points_balance', 'visits', 'tenure_days',
    'days_since_last_visit', 'median_days_between_visits', 'no_show_bookings',
    'days_since_last_no_show', 'is_referrer', 'net_lifetime_minor', 'discounted_tickets',
    'price_sensitivity_score', 'baseline_lifetime_value_minor', 'is_top_expected_value',
    'is_top_spend', 'birth_month', 'birth_day', 'months_to_birthday', 'season_first_month',
    'season_visits', 'seasons'
] %}
{%- set moving = [
    'value_tier', 'is_top_expected_value', 'is_top_spend', 'is_referrer'
] %}

with built as (
    select
        customers.organization_id,
        customers.customer_id,
        currencies.currency,
        lifecycle.lifecycle_status,
        value_ranks.value_tier,
        loyalty.loyalty_tier,
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
        value_ranks.is_top_expected_value,
        value_ranks.is_top_spend,
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
    where
        {{ is_in_scope(
            'customers', 'customers', ['customer_id'], 'keys.is_published'
        ) }}
),

{%- if is_published('customer_analytics') %}

    -- Of clients whom others' spend has moved, nothing else is new.
    moved as (
        select
            known.organization_id,
            known.customer_id,
            {%- for fact in facts[2:] if fact not in moving %}
                known.{{ fact }},
            {%- endfor %}
            coalesce(known.is_referrer, false) as is_referrer,
            value_ranks.value_tier,
            value_ranks.is_top_expected_value,
            value_ranks.is_top_spend
        from {{ ref('int_customer_value') }} as value_ranks
        inner join {{ public_table(public_node('customer_analytics')) }} as known
            on
                value_ranks.organization_id = known.organization_id
                and value_ranks.customer_id = known.customer_id
        where not value_ranks.is_built
    ),
{%- endif %}

facts as (
    select
        {{ facts | join(',\n        ') }}
    from built
    {%- if is_published('customer_analytics') %}
        union all
        select
            {{ facts | join(',\n            ') }}
        from moved
    {%- endif %}
),

final as (
    select
        facts.*,
        -- Where no programme names a tier so, the top value tier stands in for it.
        case
            when not coverage.has_vip_tier then facts.value_tier = 'premium_vip'
            else coalesce(lower(facts.loyalty_tier) = 'vip', false)
        end as is_in_vip_tier
    from facts
    inner join {{ ref('int_organization_coverage') }} as coverage
        on facts.organization_id = coverage.organization_id
)

select * from final
