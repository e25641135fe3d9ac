select
    organization_id,
    expense_id,
    location_id,
    category,
    amount,
    currency,
    expense_date,
    updated_at as source_updated_at,
    deleted_at,
    _is_deleted as is_deleted,
    _source_system as source_system,
    _load_id as load_id
from {{ source('raw_native', 'expenses') }}
