select
    organization_id,
    from_customer_id,
    to_customer_id,
    merged_at,
    unmerged_at,
    updated_at as source_updated_at,
    deleted_at,
    _is_deleted as is_deleted,
    _source_system as source_system,
    _load_id as load_id
from {{ source('raw_native', 'customer_merges') }}
