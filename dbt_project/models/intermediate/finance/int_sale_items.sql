-- One row per thing that a ticket line can name: its name and category.
with final as (
    select
        organization_id,
        'service' as line_type,
        service_id as item_id,
        name as item_name,
        category as item_category
    from {{ ref('input__services') }}
    union all
    select
        organization_id,
        'product' as line_type,
        product_id as item_id,
        name as item_name,
        category as item_category
    from {{ ref('input__products') }}
    union all
    select
        organization_id,
        'package' as line_type,
        package_id as item_id,
        name as item_name,
        cast(null as {{ type_text() }}) as item_category
    from {{ ref('input__packages') }}
    union all
    select
        organization_id,
        'membership' as line_type,
        membership_id as item_id,
        plan_name as item_name,
        cast(null as {{ type_text() }}) as item_category
    from {{ ref('input__memberships') }}
)

select * from final
