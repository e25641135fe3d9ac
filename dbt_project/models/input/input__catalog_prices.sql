with catalog_prices as (
    select *
    from {{ of_touched_organizations(ref('stg_native__catalog_prices')) }}
        as catalog_prices
),

final as (
    select
        catalog_prices.organization_id,
        catalog_prices.item_type,
        catalog_prices.item_id,
        catalog_prices.location_id,
        catalog_prices.price,
        catalog_prices.cost,
        catalog_prices.valid_from_at,
        catalog_prices.source_system,
        catalog_prices.load_id
    from catalog_prices
    where {{ is_live('catalog_prices') }}
)

select * from final
