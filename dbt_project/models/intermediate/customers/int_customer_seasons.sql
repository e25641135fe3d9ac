-- One row per client with a visit: the run of calendar months, in whichever years, that
-- holds most of their visits, and in how many years it came round.
with months as (
    select
        history.organization_id,
        history.customer_id,
        cast(extract(year from history.visit_date) as integer) as visit_year,
        cast(extract(month from history.visit_date) as integer) as visit_month,
        count(*) as visits
    from
        {{ client_history(
            ref('int_visits'), 'visits', ['organization_id', 'customer_id', 'visit_date'],
            clients=has_news('has_new_visits')
        ) }} as history
    where history.customer_id is not null
    group by
        history.organization_id,
        history.customer_id,
        cast(extract(year from history.visit_date) as integer),
        cast(extract(month from history.visit_date) as integer)
),

-- A season that holds most visits begins, or can be moved to begin, in a month with a
-- visit.
first_months as (
    select distinct
        organization_id,
        customer_id,
        visit_month as first_month
    from months
),

season_months as (
    select
        first_months.organization_id,
        first_months.customer_id,
        first_months.first_month,
        months.visits,
        -- January belongs to the season that began in the November before.
        case
            when months.visit_month < first_months.first_month
                then months.visit_year - 1
            else months.visit_year
        end as season_year
    from first_months
    {{ join_customer_facts('months', 'first_months') }}
    where
        mod(months.visit_month - first_months.first_month + 12, 12)
        < (
            select cast(max(thresholds.seasonal_max_season_months) as integer)
            from {{ ref('int_segment_thresholds') }} as thresholds
        )
),

seasons as (
    select
        organization_id,
        customer_id,
        first_month,
        sum(visits) as season_visits,
        count(distinct season_year) as seasons
    from season_months
    group by organization_id, customer_id, first_month
),

ranked as (
    select
        seasons.*,
        row_number() over (
            partition by organization_id, customer_id
            order by season_visits desc, seasons desc, first_month asc
        ) as season_rank
    from seasons
),

final as (
    select
        organization_id,
        customer_id,
        first_month as season_first_month,
        cast(season_visits as bigint) as season_visits,
        seasons
    from ranked
    where season_rank = 1
    {%- if is_published('customer_analytics') %}
        union all
        select
            organization_id,
            customer_id,
            season_first_month,
            season_visits,
            seasons
        from {{ published_clients_without('has_new_visits', 'known') }}
        where season_first_month is not null
    {%- endif %}
)

select * from final
