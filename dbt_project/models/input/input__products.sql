with products as (
    select *
    from {{ of_touched_organizations(ref('stg_native__products')) }} as products
),

final as (
    select
        products.organization_id,
        products.product_id,
        products.name,
        products.category,
        products.brand,
        products.supplier,
        products.price,
        products.cost,
        products.is_active,
        products.source_system,
        products.load_id
    from products
    where {{ is_live('products') }}
)

select * from final
