with source as (
    select * from {{ source('raw_native', 'appointments') }}
),

renamed as (
    select
        organization_id,
        appointment_id,
        location_id,
        customer_id,
        status,
        source,
        created_at,
        start_at,
        start_date,
        end_at,
        cancelled_at,
        cancelled_date,
        cancellation_reason,
        updated_at as source_updated_at,
        deleted_at,
        _is_deleted as is_deleted,
        _source_system as source_system,
        _load_id as load_id
    from source
)

select * from renamed
