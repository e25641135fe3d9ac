-- One row per client of an organization that sends sales, in scope or moved by others
-- who are: the tier and the top shares that follow from how their spend ranks among the
-- organization's clients of the same currency.
{{ config(post_hook="{{ put_moved_clients_in_scope(this) }}") }}
{%- set floor = highest_below('amounts.recent_spends', 'tiers.min_percentile') %}

with joined as (
    select
        spend.organization_id,
        spend.customer_id,
        currencies.currency,
        spend.net_lifetime_minor,
        spend.net_12m_minor,
        spend.tickets,
        baseline.baseline_lifetime_value_minor,
        visits.days_since_last_visit,
        lifecycle.overdue_ratio,
        true as is_built,
        cast(null as {{ type_text() }}) as known_tier,
        false as was_top_expected_value,
        false as was_top_spend
    from {{ ref('int_customer_money') }} as spend
    inner join {{ ref('int_customer_currency') }} as currencies
        on
            spend.organization_id = currencies.organization_id
            and spend.customer_id = currencies.customer_id
    {{ join_customer_facts(ref('int_customer_baseline'), 'spend', 'baseline') }}
    {{ join_customer_facts(ref('int_customer_visits'), 'spend', 'visits') }}
    {{ join_customer_facts(ref('int_customer_lifecycle'), 'spend', 'lifecycle') }}
    where {{ is_in_scope('spend', 'customers', ['customer_id'], 'keys.is_published') }}
    {{ union_known_values() }}
),

-- A rank is the share of the others who spend less; who spends nothing is not among
-- them. Instead of each client's rank these are the amounts at which ranks are reached.
amounts as (
    select
        organization_id,
        currency,
        {{ positive_in_order('net_12m_minor') }} as recent_spends,
        {{ positive_in_order('net_lifetime_minor') }} as lifetime_spends,
        {{ positive_in_order('baseline_lifetime_value_minor') }} as expected_values
    from joined
    group by organization_id, currency
),

shares as (
    select
        amounts.organization_id,
        amounts.currency,
        {{ highest_below(
            'amounts.expected_values', 'thresholds.vip_min_value_percentile'
        ) }} as below_top_expected_value,
        {{ highest_below(
            'amounts.lifetime_spends',
            'thresholds.dormant_high_value_min_spend_percentile'
        ) }} as below_top_spend
    from amounts
    inner join {{ ref('int_segment_thresholds') }} as thresholds
        on amounts.currency = thresholds.currency
),

tiers as (
    select
        amounts.organization_id,
        amounts.currency,
        tiers.value_tier,
        {{ floor }} as spend_above,
        lead({{ floor }}) over (
            partition by amounts.organization_id, amounts.currency
            order by tiers.min_percentile
        ) as spend_up_to
    from amounts
    cross join {{ ref('value_tiers') }} as tiers
    where tiers.min_percentile is not null
),

tiered as (
    select
        joined.*,
        coalesce(
            joined.baseline_lifetime_value_minor > shares.below_top_expected_value,
            false
        ) as is_top_expected_value,
        coalesce(joined.net_lifetime_minor > shares.below_top_spend, false)
            as is_top_spend,
        case
            when joined.tickets = 0 then null
            when
                joined.overdue_ratio >= at_risk.min_overdue_ratio
                or joined.overdue_ratio is null
                and joined.days_since_last_visit >= at_risk.min_days_since_last_visit
                then at_risk.value_tier
            else coalesce(tiers.value_tier, at_risk.value_tier)
        end as value_tier
    from joined
    cross join {{ ref('value_tiers') }} as at_risk
    left join shares
        on
            joined.organization_id = shares.organization_id
            and joined.currency = shares.currency
    left join tiers
        on
            joined.organization_id = tiers.organization_id
            and joined.currency = tiers.currency
            and joined.net_12m_minor > tiers.spend_above
            and (joined.net_12m_minor > tiers.spend_up_to) is not true
    where at_risk.min_overdue_ratio is not null
),

-- One client's spend moves the ranks of many and the tier of few.
final as (
    select
        organization_id,
        customer_id,
        is_built,
        is_top_expected_value,
        is_top_spend,
        value_tier
    from tiered
    where
        is_built
        or is_top_expected_value <> was_top_expected_value
        or is_top_spend <> was_top_spend
        or coalesce(value_tier, '') <> coalesce(known_tier, '')
)

select * from final
