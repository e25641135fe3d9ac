select
    organization_id,
    staff_id,
    name,
    staff_type,
    role,
    email,
    home_location_id,
    customer_id,
    is_active,
    hired_date,
    left_date,
    updated_at as source_updated_at,
    deleted_at,
    _is_deleted as is_deleted,
    _source_system as source_system,
    _load_id as load_id
from {{ source('raw_native', 'staff') }}
