-- One row per client with at least three visits of one kind: their typical gap, and how
-- long ago they last came for it. The kind is the service category they came for most,
-- else any visit.
with category_visits as (
    select distinct
        organization_id,
        customer_id,
        service_category,
        service_date as visit_date
    from {{ ref('int_customer_services') }}
    where service_category is not null
    union all
    select
        visits.organization_id,
        visits.customer_id,
        cast(null as {{ type_text() }}) as service_category,
        visits.visit_date
    from
        {{ client_history(
            ref('int_visits'), 'visits', ['organization_id', 'customer_id', 'visit_date'],
            clients=has_news('has_new_visits')
        ) }} as visits
    where visits.customer_id is not null
),

gaps as (
    select
        organization_id,
        customer_id,
        service_category,
        visit_date,
        {{ days_between(
            'lag(visit_date) over (
                partition by organization_id, customer_id, service_category
                order by visit_date
            )',
            'visit_date'
        ) }} as gap_days
    from category_visits
),

typical as (
    select
        organization_id,
        customer_id,
        service_category,
        count(*) as visits,
        max(visit_date) as last_visit_date,
        cast({{ median('gap_days') }} as {{ type_decimal() }}) as typical_gap_days
    from gaps
    group by organization_id, customer_id, service_category
    having count(*) >= {{ metric_threshold('own_cadence_visits') }}
),

ranked as (
    select
        typical.*,
        row_number() over (
            partition by organization_id, customer_id
            order by
                (service_category is null),
                visits desc,
                last_visit_date desc,
                service_category asc
        ) as category_rank
    from typical
),

final as (
    select
        organization_id,
        customer_id,
        service_category,
        last_visit_date,
        typical_gap_days
    from ranked
    where category_rank = 1
    {%- if is_published('customer_analytics') %}
        union all
        select
            organization_id,
            customer_id,
            cadence_service_category as service_category,
            cadence_last_visit_date as last_visit_date,
            cadence_gap_days as typical_gap_days
        from {{ published_clients_without('has_new_visits', 'known') }}
        where cadence_gap_days is not null
    {%- endif %}
)

select * from final
