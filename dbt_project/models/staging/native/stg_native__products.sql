select
    organization_id,
    product_id,
    name,
    category,
    brand,
    supplier,
    price,
    cost,
    is_active,
    updated_at as source_updated_at,
    deleted_at,
    _is_deleted as is_deleted,
    _source_system as source_system,
    _load_id as load_id
from {{ source('raw_native', 'products') }}
