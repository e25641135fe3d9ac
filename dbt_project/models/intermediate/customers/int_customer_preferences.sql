-- One row per client with a visit: whom, what, where and when they come for most. Ties
-- go to what was more recent, then to the smaller value.
{%- set facts = [
    'organization_id', 'customer_id', 'location_id', 'visit_hour', 'visit_date'
] %}

with visits as (
    select {{ list_columns('history', facts) }}
    from
        {{ client_history(
            ref('int_visits'), 'visits', facts, clients=has_news('has_new_visits')
        ) }} as history
),

choices as (
    {% for dimension, column in [
        ('staff', 'staff_id'), ('service', 'service_id'), ('category', 'service_category')
    ] -%}
        select
            organization_id,
            customer_id,
            '{{ dimension }}' as dimension,
            {{ column }} as choice,
            service_date as choice_date
        from {{ ref('int_customer_services') }}
        union all
    {% endfor -%}
    select
        organization_id,
        customer_id,
        'location' as dimension,
        location_id as choice,
        visit_date as choice_date
    from visits
    union all
    select
        organization_id,
        customer_id,
        'day' as dimension,
        cast({{ day_of_week('visit_date') }} as {{ type_text() }}) as choice,
        visit_date as choice_date
    from visits
    union all
    select
        visits.organization_id,
        visits.customer_id,
        'daypart' as dimension,
        dayparts.daypart as choice,
        visits.visit_date as choice_date
    from visits
    inner join {{ ref('dayparts') }} as dayparts
        on
            visits.visit_hour >= dayparts.from_hour
            and visits.visit_hour < dayparts.to_hour
),

counted as (
    select
        organization_id,
        customer_id,
        dimension,
        choice,
        row_number() over (
            partition by organization_id, customer_id, dimension
            order by count(*) desc, max(choice_date) desc, choice
        ) as choice_rank
    from choices
    where customer_id is not null and choice is not null
    group by organization_id, customer_id, dimension, choice
),

final as (
    select
        organization_id,
        customer_id,
        max(case when dimension = 'staff' then choice end) as usual_staff_id,
        max(case when dimension = 'service' then choice end) as preferred_service_id,
        max(case when dimension = 'category' then choice end)
            as preferred_service_category,
        max(case when dimension = 'location' then choice end) as preferred_location_id,
        cast(max(case when dimension = 'day' then choice end) as integer)
            as preferred_day_of_week,
        max(case when dimension = 'daypart' then choice end) as preferred_daypart
    from counted
    where choice_rank = 1
    group by organization_id, customer_id
    {%- if is_published('customer_analytics') %}
        union all
        select
            organization_id,
            customer_id,
            -- Or whom they said they prefer, which goes before.
            preferred_staff_id as usual_staff_id,
            preferred_service_id,
            preferred_service_category,
            preferred_location_id,
            preferred_day_of_week,
            preferred_daypart
        from {{ published_clients_without('has_new_visits', 'known') }}
    {%- endif %}
)

select * from final
