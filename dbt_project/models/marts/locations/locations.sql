with locations as (
    select * from {{ ref('input__locations') }}
),

organizations as (
    select * from {{ ref('input__organizations') }}
),

final as (
    select
        locations.organization_id,
        locations.location_id,
        organizations.name as organization_name,
        locations.name,
        locations.timezone,
        locations.currency,
        locations.hours_monday,
        locations.hours_tuesday,
        locations.hours_wednesday,
        locations.hours_thursday,
        locations.hours_friday,
        locations.hours_saturday,
        locations.hours_sunday,
        cast(locations.currency_exponent as integer) as currency_exponent,
        cast(locations.business_day_cutoff_minutes as integer)
            as business_day_cutoff_minutes,
        locations.chairs,
        locations.is_tax_inclusive,
        locations.is_inferred,
        locations.opened_date,
        locations.closed_date,
        {{ refreshed_at() }} as updated_at
    from locations
    inner join organizations
        on locations.organization_id = organizations.organization_id
)

select * from final
