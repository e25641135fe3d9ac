with locations as (
    select *
    from {{ of_touched_organizations(ref('stg_native__locations')) }} as locations
    where {{ is_live('locations') }}
),

-- Facts may name a location of which no file tells: it runs on UTC until one does.
location_ids as (
    {% for facts, relation, key in [
        ('appointments', ref('stg_native__appointments'), 'appointment_id'),
        ('sales', ref('stg_native__sales'), 'sale_id'),
        ('payments', ref('stg_native__payments'), 'payment_id')
    ] -%}
        select
            organization_id,
            location_id
        from {{ scoped(relation, facts, key) }} as {{ facts }}
        {{ "union" if not loop.last }}
    {% endfor -%}
    {%- if is_published('locations') -%}
        union
        select
            organization_id,
            location_id
        from {{ published_elsewhere('locations', 'known_locations') }}
        where known_locations.is_inferred
    {%- endif %}
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
        locations.source_system,
        locations.load_id
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
