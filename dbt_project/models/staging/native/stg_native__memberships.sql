select
    organization_id,
    membership_id,
    customer_id,
    location_id,
    plan_name,
    price,
    billing_interval,
    status,
    cancellation_reason,
    started_at,
    cancelled_at,
    ended_at,
    updated_at as source_updated_at,
    deleted_at,
    _is_deleted as is_deleted,
    _source_system as source_system,
    _load_id as load_id
from {{ source('raw_native', 'memberships') }}
