with source as (
    select * from {{ source('raw_native', 'payments') }}
),

renamed as (
    select
        organization_id,
        payment_id,
        sale_id,
        location_id,
        customer_id,
        status,
        tender_type,
        amount,
        tip_amount,
        processing_fee_amount,
        currency,
        gift_card_id,
        tip_staff_id,
        paid_at,
        paid_date,
        updated_at as source_updated_at,
        deleted_at,
        _is_deleted as is_deleted,
        _source_system as source_system,
        _load_id as load_id
    from source
)

select * from renamed
