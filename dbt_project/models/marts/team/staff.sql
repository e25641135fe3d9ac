with staff as (
    select * from {{ ref('int_staff_listed') }}
),

final as (
    select
        organization_id,
        staff_id,
        home_location_id,
        customer_id,
        coalesce(name, staff_id) as name,
        staff_type,
        role,
        email,
        staff_type = 'person' as is_person,
        customer_id is not null as is_client,
        coalesce(
            is_active,
            left_date >= {{ local_business_date(as_of(), "'UTC'", 0) }}
        ) as is_active,
        is_inferred,
        hired_date,
        left_date,
        {{ refreshed_at() }} as updated_at
    from staff
)

select * from final
