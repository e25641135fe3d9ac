select
    organization_id,
    shift_id,
    staff_id,
    location_id,
    scheduled_start_at,
    scheduled_end_at,
    worked_start_at,
    worked_end_at,
    paid_break_minutes,
    unpaid_break_minutes,
    blocked_minutes,
    declared_cash_tips,
    updated_at as source_updated_at,
    deleted_at,
    _is_deleted as is_deleted,
    _source_system as source_system,
    _load_id as load_id
from {{ source('raw_native', 'staff_shifts') }}
