with source as (
    select * from {{ source('raw_native', 'refunds') }}
),

renamed as (
    select
        organization_id,
        refund_id,
        payment_id,
        sale_id,
        sale_line_id,
        location_id,
        customer_id,
        status,
        tender_type,
        amount,
        tax_amount,
        tip_amount,
        processing_fee_amount,
        currency,
        reason,
        refunded_at,
        refunded_date,
        updated_at as source_updated_at,
        deleted_at,
        _is_deleted as is_deleted,
        _source_system as source_system,
        _load_id as load_id
    from source
)

select * from renamed
