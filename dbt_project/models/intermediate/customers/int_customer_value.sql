-- One row per client of an organization that sends sales, in scope or moved by others
-- who are: the tier and the top shares that follow from how their spend ranks among the
-- organization's clients of the same currency.
{{ config(post_hook="{{ put_moved_clients_in_scope(this) }}") }}

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
-- them.
ranked as (
    select
        joined.*,
        {% for amount, rank in [
            ('net_12m_minor', 'recent_spend_rank'),
            ('net_lifetime_minor', 'lifetime_spend_rank'),
            ('baseline_lifetime_value_minor', 'baseline_rank')
        ] -%}
        case
            when {{ amount }} > 0
                then cast(percent_rank() over (
                    partition by
                        organization_id, currency, coalesce({{ amount }} > 0, false)
                    order by {{ amount }}
                    ) as {{ type_decimal() }})
        end as {{ rank }}
        {{- "," if not loop.last }}
    {% endfor %}
    from joined
),

at_risk as (
    select * from {{ ref('value_tiers') }}
    where min_overdue_ratio is not null
),

tiers as (
    select
        *,
        lead(min_percentile) over (order by min_percentile) as next_percentile
    from {{ ref('value_tiers') }}
    where min_percentile is not null
),

tiered as (
    select
        ranked.organization_id,
        ranked.customer_id,
        ranked.is_built,
        ranked.known_tier,
        ranked.was_top_expected_value,
        ranked.was_top_spend,
        coalesce(ranked.baseline_rank >= thresholds.vip_min_value_percentile, false)
            as is_top_expected_value,
        coalesce(
            ranked.lifetime_spend_rank
            >= thresholds.dormant_high_value_min_spend_percentile,
            false
        ) as is_top_spend,
        case
            when ranked.tickets = 0 then null
            when ranked.overdue_ratio >= at_risk.min_overdue_ratio
                then at_risk.value_tier
            when
                ranked.overdue_ratio is null
                and ranked.days_since_last_visit >= at_risk.min_days_since_last_visit
                then at_risk.value_tier
            else coalesce(tiers.value_tier, at_risk.value_tier)
        end as value_tier
    from ranked
    cross join at_risk
    left join {{ ref('int_segment_thresholds') }} as thresholds
        on ranked.currency = thresholds.currency
    left join tiers
        on
            ranked.recent_spend_rank >= tiers.min_percentile
            and (
                tiers.next_percentile is null
                or ranked.recent_spend_rank < tiers.next_percentile
            )
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
