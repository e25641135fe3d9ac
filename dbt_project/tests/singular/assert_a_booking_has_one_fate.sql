-- Attended, missed, called off, declined and still ahead exclude each other; only an
-- accepted booking can be attended or ahead, and none that is ahead is over.
{{ config(meta={'dimension': 'consistency', 'dagster': {'ref': {'name': 'appointments'}}}) }}

select
    organization_id,
    appointment_id,
    derived_status
from {{ ref('appointments') }}
where
    (
        cast(is_attended as integer)
        + cast(is_no_show as integer)
        + cast(is_cancelled as integer)
        + cast(is_declined as integer)
        + cast(is_upcoming as integer)
    ) > 1
    or ((is_attended or is_upcoming) and not is_accepted)
    or (is_late_cancelled and not is_cancelled)
    or (is_attended <> (attendance_basis is not null))
    or (is_attended <> (derived_status = 'attended'))
    or (is_late_cancelled is true and derived_status <> 'late_cancelled')
