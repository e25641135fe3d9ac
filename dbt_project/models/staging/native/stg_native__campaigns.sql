select
    organization_id,
    campaign_id,
    name,
    channel,
    started_at,
    ended_at,
    updated_at as source_updated_at,
    deleted_at,
    _is_deleted as is_deleted,
    _source_system as source_system,
    _load_id as load_id
from {{ source('raw_native', 'campaigns') }}
