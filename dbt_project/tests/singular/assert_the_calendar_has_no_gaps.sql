-- Every day from the first to the last of the calendar is there once.
{{ config(meta={'dimension': 'completeness', 'dagster': {'ref': {'name': 'calendar'}}}) }}

select
    min(calendar_date) as first_date,
    max(calendar_date) as last_date,
    count(*) as days
from {{ ref('calendar') }}
having
    count(*)
    <> {{ days_between('min(calendar_date)', 'max(calendar_date)') }} + 1
