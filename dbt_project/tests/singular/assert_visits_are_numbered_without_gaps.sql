-- A client's visits are numbered 1, 2, 3 … in the order of their days.
{{ config(meta={'dimension': 'consistency', 'dagster': {'ref': {'name': 'visits'}}}) }}

{%- set facts = [
    'organization_id', 'customer_id', 'visit_id', 'visit_number', 'visit_date',
    'days_since_previous_visit'
] %}

with ordered as (
    select
        organization_id,
        customer_id,
        visit_id,
        visit_number,
        visit_date,
        days_since_previous_visit,
        count(*) over (partition by organization_id, customer_id) as client_visits,
        lag(visit_date) over (
            partition by organization_id, customer_id
            order by visit_number
        ) as previous_visit_date
    from
        {{ client_history(
            ref('visits'), 'visits', facts, clients='keys.is_changed'
        ) }} as visits
    where customer_id is not null
),

bounds as (
    select
        organization_id,
        customer_id,
        count(distinct visit_number) as numbers,
        max(visit_number) as last_number,
        max(client_visits) as client_visits
    from ordered
    group by organization_id, customer_id
)

select
    organization_id,
    customer_id,
    'numbers with gaps or twins' as problem
from bounds
where numbers <> client_visits or last_number <> client_visits
union all
select
    organization_id,
    customer_id,
    'days out of order' as problem
from ordered
where
    visit_date < previous_visit_date
    or days_since_previous_visit
    <> {{ days_between('previous_visit_date', 'visit_date') }}
    or (previous_visit_date is null) <> (days_since_previous_visit is null)
