{{ config(materialized='table') }}

with locations as (
    select * from {{ ref('stg_native__locations') }} as locations
    where {{ is_live('locations') }}
),

-- Facts may name a location of which no file tells: it runs on UTC until one does.
mentioned as (
    select
        organization_id,
        location_id,
        source_system,
        load_id
    from {{ ref('stg_native__appointments') }}
    union all
    select
        organization_id,
        location_id,
        source_system,
        load_id
    from {{ ref('stg_native__sales') }}
    union all
    select
        organization_id,
        location_id,
        source_system,
        load_id
    from {{ ref('stg_native__payments') }}
),

location_ids as (
    select
        organization_id,
        location_id,
        min(source_system) as source_system,
        min(load_id) as load_id
    from mentioned
    group by organization_id, location_id
),

known as (
    select
        coalesce(locations.organization_id, location_ids.organization_id)
            as organization_id,
        coalesce(locations.location_id, location_ids.location_id) as location_id,
        coalesce(locations.name, location_ids.location_id) as name,
        coalesce(locations.timezone, 'UTC') as timezone,
        coalesce(locations.currency, organizations.default_currency, 'XXX') as currency,
        locations.location_id is null as is_inferred,
        coalesce(locations.business_day_cutoff_minutes, 0)
            as business_day_cutoff_minutes,
        locations.chairs,
        locations.is_tax_inclusive,
        locations.hours_monday,
        locations.hours_tuesday,
        locations.hours_wednesday,
        locations.hours_thursday,
        locations.hours_friday,
        locations.hours_saturday,
        locations.hours_sunday,
        locations.opened_date,
        locations.closed_date,
        coalesce(locations.source_system, location_ids.source_system) as source_system,
        coalesce(locations.load_id, location_ids.load_id) as load_id
    from locations
    full outer join location_ids
        on
            locations.organization_id = location_ids.organization_id
            and locations.location_id = location_ids.location_id
    left join {{ ref('input__organizations') }} as organizations
        on
            coalesce(locations.organization_id, location_ids.organization_id)
            = organizations.organization_id
),

final as (
    select
        known.*,
        coalesce(currencies.exponent, 2) as currency_exponent
    from known
    left join {{ ref('currencies') }} as currencies
        on known.currency = currencies.currency
)

select * from final
