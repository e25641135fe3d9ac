-- Bookings and their services are as many in the marts as in the input, business by
-- business.
{{ config(meta={'dimension': 'completeness', 'dagster': {'ref': {'name': 'appointments'}}}) }}

with counted as (
    select
        organization_id,
        'appointments' as mart,
        1 as sent,
        0 as published
    from {{ ref('input__appointments') }}
    union all
    select
        organization_id,
        'appointments' as mart,
        0 as sent,
        1 as published
    from {{ ref('appointments') }}
    union all
    select
        organization_id,
        'appointment_services' as mart,
        1 as sent,
        0 as published
    from {{ ref('input__appointment_services') }}
    union all
    select
        organization_id,
        'appointment_services' as mart,
        0 as sent,
        1 as published
    from {{ ref('appointment_services') }}
)

select
    organization_id,
    mart,
    sum(sent) as sent,
    sum(published) as published
from counted
group by organization_id, mart
having sum(sent) <> sum(published)
