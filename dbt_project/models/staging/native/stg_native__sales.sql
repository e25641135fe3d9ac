select
    organization_id,
    sale_id,
    location_id,
    customer_id,
    appointment_id,
    staff_id,
    status,
    currency,
    created_at,
    closed_at,
    sale_date,
    total_amount,
    updated_at as source_updated_at,
    deleted_at,
    _is_deleted as is_deleted,
    _source_system as source_system,
    _load_id as load_id
from {{ source('raw_native', 'sales') }}
