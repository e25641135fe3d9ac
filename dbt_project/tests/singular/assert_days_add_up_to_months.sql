-- Every measure of a month is the sum of its days: tickets, both ledgers, money by tender.
{{ config(meta={'dimension': 'consistency', 'dagster': {'ref': {'name': 'financial_monthly'}}}) }}

{% set measures = ['tickets'] %}
{% if execute %}
    {% for name in graph.nodes['model.chairside.financial_daily'].columns
        if name.endswith('_minor') %}
        {% do measures.append(name) %}
    {% endfor %}
{% endif %}

with dated as (
    select
        *,
        cast({{ dbt.date_trunc('month', 'business_date') }} as date) as month_start_date
    from {{ months_as_they_will_be('financial_daily', 'financial_daily') }}
),

days as (
    select
        organization_id,
        location_id,
        month_start_date
        {%- for measure in measures %},
        sum({{ measure }}) as {{ measure }}
        {%- endfor %}
    from dated
    where {{ is_in_scope('dated', 'months', ['location_id', 'month_start_date']) }}
    group by organization_id, location_id, month_start_date
)

select
    coalesce(days.organization_id, months.organization_id) as organization_id,
    coalesce(days.location_id, months.location_id) as location_id,
    coalesce(days.month_start_date, months.month_start_date) as month_start_date
from days
full outer join {{ ref('financial_monthly') }} as months
    on
        days.organization_id = months.organization_id
        and days.location_id = months.location_id
        and days.month_start_date = months.month_start_date
where
    days.organization_id is null
    or months.organization_id is null
    {%- for measure in measures %}
    or days.{{ measure }} is distinct from months.{{ measure }}
    {%- endfor %}
