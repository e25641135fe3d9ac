with source as (
    select * from {{ source('raw_native', 'customers') }}
),

renamed as (
    select
        organization_id,
        customer_id,
        first_name,
        last_name,
        email,
        phone,
        nullif(cast(substr(birthday, 1, 4) as integer), 0) as birth_year,
        cast(substr(birthday, 6, 2) as integer) as birth_month,
        cast(substr(birthday, 9, 2) as integer) as birth_day,
        gender,
        customer_type,
        creation_source,
        acquisition_source,
        referred_by_customer_id,
        home_location_id,
        preferred_staff_id,
        preferred_channel,
        email_consent,
        sms_consent,
        consent_updated_at,
        is_suppressed,
        created_at,
        updated_at as source_updated_at,
        deleted_at,
        _is_deleted as is_deleted,
        _source_system as source_system,
        _load_id as load_id
    from source
)

select * from renamed
