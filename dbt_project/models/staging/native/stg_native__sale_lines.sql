with source as (
    select * from {{ source('raw_native', 'sale_lines') }}
),

renamed as (
    select
        organization_id,
        sale_id,
        sale_line_id,
        line_type,
        item_id,
        description,
        customer_id,
        staff_id,
        appointment_service_id,
        package_redemption_id,
        quantity,
        gross_amount,
        discount_amount,
        discount_type,
        discount_code,
        tax_amount,
        updated_at as source_updated_at,
        deleted_at,
        _is_deleted as is_deleted,
        _source_system as source_system,
        _load_id as load_id
    from source
)

select * from renamed
