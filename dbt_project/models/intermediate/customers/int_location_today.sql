-- One row per location: the local business day on which the refresh's clock falls
-- there.
with locations as (
    select * from {{ ref('input__locations') }}
),

final as (
    select
        organization_id,
        location_id,
        currency,
        currency_exponent,
        {{ local_business_date(as_of(), 'timezone', 'business_day_cutoff_minutes') }}
            as today_date,
        -- Stands in for clients whose home is not known: the business's first location.
        row_number() over (partition by organization_id order by location_id) = 1
            as is_first_location
    from locations
)

select * from final
