-- A location has a row for each day from its first to its last, and none after the
-- refresh's clock.
{{ config(meta={'dimension': 'completeness', 'dagster': {'ref': {'name': 'financial_daily'}}}) }}

with days as (
    select
        organization_id,
        location_id,
        business_date,
        {{ add_days('business_date', -1) }} as day_before
    from {{ ref('financial_daily') }}
)

select
    days.organization_id,
    days.location_id,
    days.business_date
from days
inner join {{ ref('int_location_today') }} as locations
    on
        days.organization_id = locations.organization_id
        and days.location_id = locations.location_id
left join {{ ref('int_financial_spans') }} as spans
    on
        days.organization_id = spans.organization_id
        and days.location_id = spans.location_id
left join {{ ref('financial_daily') }} as neighbours
    on
        days.organization_id = neighbours.organization_id
        and days.location_id = neighbours.location_id
        and days.day_before = neighbours.business_date
where
    days.business_date > locations.today_date
    or spans.location_id is null
    or days.business_date < spans.first_date
    or days.business_date > spans.last_date
    or (
        neighbours.location_id is null
        and days.business_date > spans.first_date
        {{ and_no_public_row(
            'financial_daily',
            'public',
            'public.organization_id = days.organization_id'
            ~ ' and public.location_id = days.location_id'
            ~ ' and public.business_date = days.day_before'
        ) }}
    )
