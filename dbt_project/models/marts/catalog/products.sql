with items as (
    select * from {{ ref('int_catalog_items_listed') }}
    where item_type = 'product'
),

products as (
    select * from {{ ref('input__products') }}
),

prices as (
    select * from {{ ref('int_catalog_prices_current') }}
    where item_type = 'product'
),

final as (
    select
        items.organization_id,
        items.item_id as product_id,
        coalesce(products.name, items.item_id) as name,
        products.category,
        products.brand,
        products.supplier,
        currencies.currency,
        cast(coalesce(prices.price, products.price) as numeric(18, 4)) as price,
        cast(coalesce(prices.unit_cost, products.cost) as numeric(18, 4)) as unit_cost,
        cast(coalesce(prices.lowest_price, products.price) as numeric(18, 4))
            as lowest_price,
        cast(coalesce(prices.highest_price, products.price) as numeric(18, 4))
            as highest_price,
        cast(prices.price_changes as integer) as price_changes,
        products.is_active,
        products.product_id is null as is_inferred,
        prices.price_since_at,
        {{ refreshed_at() }} as updated_at
    from items
    inner join {{ ref('int_organization_currencies') }} as currencies
        on items.organization_id = currencies.organization_id
    left join products
        on
            items.organization_id = products.organization_id
            and items.item_id = products.product_id
    left join prices
        on
            items.organization_id = prices.organization_id
            and items.item_id = prices.item_id
)

select * from final
