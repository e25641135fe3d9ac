select
    organization_id,
    package_id,
    customer_id,
    location_id,
    sale_id,
    service_id,
    name,
    sessions,
    price,
    sold_at,
    expires_at,
    cancelled_at,
    updated_at as source_updated_at,
    deleted_at,
    _is_deleted as is_deleted,
    _source_system as source_system,
    _load_id as load_id
from {{ source('raw_native', 'packages') }}
