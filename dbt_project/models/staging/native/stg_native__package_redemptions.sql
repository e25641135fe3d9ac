select
    organization_id,
    package_redemption_id,
    package_id,
    appointment_id,
    location_id,
    staff_id,
    sessions,
    redeemed_at,
    updated_at as source_updated_at,
    deleted_at,
    _is_deleted as is_deleted,
    _source_system as source_system,
    _load_id as load_id
from {{ source('raw_native', 'package_redemptions') }}
