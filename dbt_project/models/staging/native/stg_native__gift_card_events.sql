select
    organization_id,
    gift_card_event_id,
    gift_card_id,
    location_id,
    customer_id,
    sale_id,
    event_type,
    amount,
    currency,
    occurred_at,
    updated_at as source_updated_at,
    deleted_at,
    _is_deleted as is_deleted,
    _source_system as source_system,
    _load_id as load_id
from {{ source('raw_native', 'gift_card_events') }}
