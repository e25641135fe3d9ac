-- One row per organization: the currency of its price list, which is its default one
-- or, where it states none, the one that all its locations share.
with location_currencies as (
    select
        organization_id,
        min(currency) as first_currency,
        max(currency) as last_currency
    from {{ ref('input__locations') }}
    group by organization_id
),

final as (
    select
        organizations.organization_id,
        coalesce(
            organizations.default_currency,
            case
                when
                    location_currencies.first_currency
                    = location_currencies.last_currency
                    then location_currencies.first_currency
            end
        ) as currency
    from {{ ref('input__organizations') }} as organizations
    left join location_currencies
        on organizations.organization_id = location_currencies.organization_id
)

select * from final
