select
    organization_id,
    service_id,
    name,
    category,
    duration_minutes,
    processing_minutes,
    price,
    cost,
    is_add_on,
    is_active,
    updated_at as source_updated_at,
    deleted_at,
    _is_deleted as is_deleted,
    _source_system as source_system,
    _load_id as load_id
from {{ source('raw_native', 'services') }}
