-- A location has a row for each day from its first to its last, and none after the
-- refresh's clock.
{{ config(meta={'dimension': 'completeness', 'dagster': {'ref': {'name': 'financial_daily'}}}) }}

select
    days.organization_id,
    days.location_id,
    min(days.business_date) as first_date,
    max(days.business_date) as last_date,
    count(*) as days
from {{ ref('financial_daily') }} as days
inner join {{ ref('int_location_today') }} as locations
    on
        days.organization_id = locations.organization_id
        and days.location_id = locations.location_id
group by days.organization_id, days.location_id
having
    count(*) <> {{ days_between('min(days.business_date)', 'max(days.business_date)') }} + 1
    or max(days.business_date) > max(locations.today_date)
