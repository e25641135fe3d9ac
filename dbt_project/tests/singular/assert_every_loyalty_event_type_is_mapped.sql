-- A type that loyalty_event_types.csv does not know would count as an adjustment.
{{ config(meta={'dimension': 'completeness', 'dagster': {'ref': {'name': 'input__loyalty_events'}}}) }}

select
    events.organization_id,
    events.loyalty_event_id,
    events.event_type
from {{ ref('input__loyalty_events') }} as events
left join {{ ref('loyalty_event_types') }} as loyalty_event_types
    on events.event_type = loyalty_event_types.event_type
where loyalty_event_types.event_type is null
