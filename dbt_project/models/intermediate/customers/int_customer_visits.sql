-- One row per client of an organization that sends bookings or sales: their visits. Who
-- is not known by name is nobody's client, so walk-ins are in no row.
{%- set facts = [
    'organization_id', 'customer_id', 'location_id', 'visit_number',
    'days_since_previous_visit', 'is_booked', 'visit_date', 'visit_at'
] %}

with customers as (
    {{ customers_covered_by('coverage.has_appointments or coverage.has_sales') }}
),

visits as (
    select
        visits.*,
        today.today_date,
        {{ days_between('visits.visit_date', 'today.today_date') }} as days_ago,
        row_number() over (
            partition by visits.organization_id, visits.customer_id
            order by visits.visit_number desc
        ) as visits_from_last
    from {{ client_history(ref('int_visits'), 'visits', facts) }} as visits
    inner join {{ ref('int_location_today') }} as today
        on
            visits.organization_id = today.organization_id
            and visits.location_id = today.location_id
    where visits.customer_id is not null
),

counted as (
    select
        organization_id,
        customer_id,
        count(*) as visits,
        count(*) filter (where days_ago < 365) as visits_12m,
        count(*) filter (where not is_booked) as unbooked_visits,
        count(distinct location_id) as locations_visited,
        count(days_since_previous_visit) as gaps,
        {{ median('days_since_previous_visit') }} as median_gap,
        min(case when visit_number = 1 then visit_at end) as first_visit_at,
        min(case when visit_number = 2 then visit_at end) as second_visit_at,
        min(case when visits_from_last = 1 then visit_at end) as last_visit_at,
        min(case when visit_number = 1 then days_ago end) as tenure_days,
        min(case when visits_from_last = 1 then days_ago end) as days_since_last_visit
    from visits
    group by organization_id, customer_id
),

final as (
    select
        customers.organization_id,
        customers.customer_id,
        counted.first_visit_at,
        counted.second_visit_at,
        counted.last_visit_at,
        counted.tenure_days,
        counted.days_since_last_visit,
        coalesce(counted.visits, 0) as visits,
        coalesce(counted.visits_12m, 0) as visits_12m,
        coalesce(counted.locations_visited, 0) as locations_visited,
        case
            when coverage.has_sales and coverage.has_appointments
                then coalesce(counted.unbooked_visits, 0)
        end as unbooked_visits,
        case
            when counted.gaps >= 2
                then cast(counted.median_gap as {{ type_decimal() }})
        end as median_days_between_visits,
        case
            when counted.tenure_days >= 365
                then round(
                    {{ safe_divide('counted.visits * 365', 'counted.tenure_days') }}, 2
                )
        end as visits_per_year
    from customers
    inner join {{ ref('int_organization_coverage') }} as coverage
        on customers.organization_id = coverage.organization_id
    {{ join_customer_facts('counted') }}
)

select * from final
