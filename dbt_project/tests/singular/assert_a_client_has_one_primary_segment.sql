-- Who is in a segment has exactly one primary one, and customer_analytics names the same.
{{ config(meta={'dimension': 'consistency', 'dagster': {'ref': {'name': 'customer_segments'}}}) }}

with primaries as (
    select
        organization_id,
        customer_id,
        sum(case when is_primary then 1 else 0 end) as primary_segments,
        max(case when is_primary then segment end) as primary_segment
    from {{ ref('customer_segments') }}
    group by organization_id, customer_id
)

select
    clients.organization_id,
    clients.customer_id,
    clients.primary_segment,
    primaries.primary_segment as member_of,
    primaries.primary_segments
from {{ ref('customer_analytics') }} as clients
left join primaries
    on
        clients.organization_id = primaries.organization_id
        and clients.customer_id = primaries.customer_id
where
    primaries.primary_segments <> 1
    or clients.primary_segment is distinct from primaries.primary_segment
