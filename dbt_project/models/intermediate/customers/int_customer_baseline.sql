-- One row per client of an organization that sends sales: S0's value heuristic put
-- right, a baseline for better models to beat. It looks ahead only, so it falls as a
-- client stays away.
with joined as (
    select
        spend.organization_id,
        spend.customer_id,
        currencies.currency,
        greatest(spend.net_lifetime_minor, 0) as spent_minor,
        visits.visits,
        visits.median_days_between_visits,
        least(
            lifecycle.baseline_retention_years,
            {{ metric_threshold('baseline_horizon') }}
        ) as years
    from {{ ref('int_customer_money') }} as spend
    inner join {{ ref('int_customer_currency') }} as currencies
        on
            spend.organization_id = currencies.organization_id
            and spend.customer_id = currencies.customer_id
    {{ join_customer_facts(ref('int_customer_visits'), 'spend', 'visits') }}
    {{ join_customer_facts(ref('int_customer_lifecycle'), 'spend', 'lifecycle') }}
),

-- What was spent in the client's currency is shared among the visits where it is taken.
currency_visits as (
    select
        history.organization_id,
        history.customer_id,
        history.currency,
        count(*) as visits
    from
        {{ client_history(
            ref('int_visits'), 'visits', ['organization_id', 'customer_id', 'currency']
        ) }} as history
    where history.customer_id is not null
    group by history.organization_id, history.customer_id, history.currency
),

final as (
    select
        joined.organization_id,
        joined.customer_id,
        case
            when joined.visits >= {{ metric_threshold('own_cadence_visits') }}
                -- One division, so that no half is lost on the way to the rounding.
                then cast(round({{ safe_divide(
                    '365 * joined.years * joined.spent_minor',
                    'joined.median_days_between_visits * currency_visits.visits'
                ) }}) as bigint)
        end as baseline_lifetime_value_minor
    from joined
    left join currency_visits
        on
            joined.organization_id = currency_visits.organization_id
            and joined.customer_id = currency_visits.customer_id
            and joined.currency = currency_visits.currency
)

select * from final
