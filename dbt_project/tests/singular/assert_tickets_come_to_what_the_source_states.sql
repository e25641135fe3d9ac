-- A ticket's lines come to the total that its source states. A warning, since it may be
-- the source that is wrong, or its lines that are incomplete.
{{ config(
    severity='warn',
    meta={'dimension': 'accuracy', 'dagster': {'ref': {'name': 'sales'}}}
) }}

select
    organization_id,
    sale_id,
    stated_total_minor,
    total_minor
from {{ ref('sales') }}
where stated_total_minor <> total_minor
