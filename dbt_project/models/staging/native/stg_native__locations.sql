select
    organization_id,
    location_id,
    name,
    timezone,
    currency,
    cast(
        extract(hour from business_day_cutoff) * 60
        + extract(minute from business_day_cutoff) as integer
    ) as business_day_cutoff_minutes,
    chairs,
    is_tax_inclusive,
    hours_monday,
    hours_tuesday,
    hours_wednesday,
    hours_thursday,
    hours_friday,
    hours_saturday,
    hours_sunday,
    opened_date,
    closed_date,
    updated_at as source_updated_at,
    deleted_at,
    _is_deleted as is_deleted,
    _source_system as source_system,
    _load_id as load_id
from {{ source('raw_native', 'locations') }}
