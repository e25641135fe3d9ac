select
    organization_id,
    sale_id,
    sale_line_id,
    tax_name,
    rate,
    tax_amount,
    updated_at as source_updated_at,
    deleted_at,
    _is_deleted as is_deleted,
    _source_system as source_system,
    _load_id as load_id
from {{ source('raw_native', 'sale_line_taxes') }}
