select
    organization_id,
    appointment_id,
    appointment_service_id,
    service_id,
    staff_id,
    status,
    start_at,
    duration_minutes,
    processing_minutes,
    price,
    is_requested,
    updated_at as source_updated_at,
    deleted_at,
    _is_deleted as is_deleted,
    _source_system as source_system,
    _load_id as load_id
from {{ source('raw_native', 'appointment_services') }}
