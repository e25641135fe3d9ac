select
    organization_id,
    campaign_send_id,
    campaign_id,
    customer_id,
    is_holdout,
    sent_at,
    delivered_at,
    opened_at,
    clicked_at,
    bounced_at,
    unsubscribed_at,
    updated_at as source_updated_at,
    deleted_at,
    _is_deleted as is_deleted,
    _source_system as source_system,
    _load_id as load_id
from {{ source('raw_native', 'campaign_sends') }}
