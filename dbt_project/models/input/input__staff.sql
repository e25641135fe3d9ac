with staff as (
    select *
    from {{ of_touched_organizations(ref('stg_native__staff')) }} as staff
),

final as (
    select
        staff.organization_id,
        staff.staff_id,
        staff.name,
        coalesce(staff.staff_type, 'person') as staff_type,
        staff.role,
        staff.email,
        staff.home_location_id,
        {{ canonical_customer_id('staff.customer_id') }} as customer_id,
        staff.is_active,
        staff.hired_date,
        staff.left_date,
        staff.source_system,
        staff.load_id
    from staff
    {{ join_customer_ids('staff') }}
    where
        {{ is_live('staff') }}
        and {{ is_not_test_customer() }}
)

select * from final
