-- One row per client of an organization that sends sales: how their spend ranks among
-- the organization's clients of the same currency, and the tier that follows from it.
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
        lifecycle.overdue_ratio
    from {{ ref('int_customer_money') }} as spend
    inner join {{ ref('int_customer_currency') }} as currencies
        on
            spend.organization_id = currencies.organization_id
            and spend.customer_id = currencies.customer_id
    {{ join_customer_facts(ref('int_customer_baseline'), 'spend', 'baseline') }}
    {{ join_customer_facts(ref('int_customer_visits'), 'spend', 'visits') }}
    {{ join_customer_facts(ref('int_customer_lifecycle'), 'spend', 'lifecycle') }}
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

final as (
    select
        ranked.organization_id,
        ranked.customer_id,
        ranked.baseline_rank,
        ranked.lifetime_spend_rank,
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
    left join tiers
        on
            ranked.recent_spend_rank >= tiers.min_percentile
            and (
                tiers.next_percentile is null
                or ranked.recent_spend_rank < tiers.next_percentile
            )
)

select * from final
