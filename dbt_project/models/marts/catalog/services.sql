with items as (
    select * from {{ ref('int_catalog_items_listed') }}
    where item_type = 'service'
),

services as (
    select * from {{ ref('input__services') }}
),

prices as (
    select * from {{ ref('int_catalog_prices_current') }}
    where item_type = 'service'
),

final as (
    select
        items.organization_id,
        items.item_id as service_id,
        coalesce(services.name, items.item_id) as name,
        services.category,
        currencies.currency,
        services.duration_minutes,
        services.processing_minutes,
        cast(coalesce(prices.price, services.price) as numeric(18, 4)) as price,
        cast(coalesce(prices.unit_cost, services.cost) as numeric(18, 4)) as unit_cost,
        cast(coalesce(prices.lowest_price, services.price) as numeric(18, 4))
            as lowest_price,
        cast(coalesce(prices.highest_price, services.price) as numeric(18, 4))
            as highest_price,
        cast(prices.price_changes as integer) as price_changes,
        services.is_add_on,
        services.is_active,
        services.service_id is null as is_inferred,
        prices.price_since_at,
        {{ refreshed_at() }} as updated_at
    from items
    inner join {{ ref('int_organization_currencies') }} as currencies
        on items.organization_id = currencies.organization_id
    left join services
        on
            items.organization_id = services.organization_id
            and items.item_id = services.service_id
    left join prices
        on
            items.organization_id = prices.organization_id
            and items.item_id = prices.item_id
)

select * from final
