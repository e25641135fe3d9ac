select
    organization_id,
    loyalty_event_id,
    loyalty_account_id,
    event_type,
    points,
    sale_id,
    location_id,
    occurred_at,
    expires_at,
    updated_at as source_updated_at,
    deleted_at,
    _is_deleted as is_deleted,
    _source_system as source_system,
    _load_id as load_id
from {{ source('raw_native', 'loyalty_events') }}
