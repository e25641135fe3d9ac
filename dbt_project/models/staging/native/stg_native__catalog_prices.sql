select
    organization_id,
    item_type,
    item_id,
    location_id,
    price,
    cost,
    valid_from_at,
    updated_at as source_updated_at,
    deleted_at,
    _is_deleted as is_deleted,
    _source_system as source_system,
    _load_id as load_id
from {{ source('raw_native', 'catalog_prices') }}
