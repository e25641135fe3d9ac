-- One row per service or product: those that a file describes and those that only
-- bookings, ticket lines, packages or price histories name.
with mentioned as (
    select
        organization_id,
        'service' as item_type,
        service_id as item_id
    from {{ ref('input__services') }}
    union
    select
        organization_id,
        'product' as item_type,
        product_id as item_id
    from {{ ref('input__products') }}
    union
    select
        organization_id,
        'service' as item_type,
        service_id as item_id
    from {{ ref('input__appointment_services') }}
    union
    select
        organization_id,
        'service' as item_type,
        service_id as item_id
    from {{ ref('input__packages') }}
    union
    select
        organization_id,
        line_type as item_type,
        item_id
    from {{ ref('input__sale_lines') }}
    where line_type in ('service', 'product')
    union
    select
        organization_id,
        item_type,
        item_id
    from {{ ref('input__catalog_prices') }}
    {%- for item_type in ['service', 'product'] if is_published(item_type ~ 's') %}
        union
        select
            organization_id,
            '{{ item_type }}' as item_type,
            {{ item_type }}_id as item_id
        from {{ published_elsewhere(item_type ~ 's', 'known_items') }}
        where known_items.is_inferred
    {%- endfor %}
)

select * from mentioned
where item_id is not null
