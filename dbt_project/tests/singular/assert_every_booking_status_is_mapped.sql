-- A status that booking_status_map.csv does not know would count as nothing at all.
{{ config(meta={'dimension': 'completeness', 'dagster': {'ref': {'name': 'input__appointments'}}}) }}

with statuses as (
    select
        organization_id,
        status
    from {{ ref('input__appointments') }}
    union
    select
        organization_id,
        status
    from {{ ref('input__appointment_services') }}
)

select
    statuses.organization_id,
    statuses.status
from statuses
left join {{ ref('booking_status_map') }} as booking_status_map
    on statuses.status = booking_status_map.status
where booking_status_map.status is null
