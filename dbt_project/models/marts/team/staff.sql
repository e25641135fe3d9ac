with staff as (
    select * from {{ ref('int_staff_listed') }}
),

locations as (
    select * from {{ ref('int_location_today') }}
),

-- Who has no home works by the clock of the business's first place.
at_home as (
    select
        staff.*,
        coalesce(home.today_date, first_location.today_date) as today_date
    from staff
    left join locations as home
        on
            staff.organization_id = home.organization_id
            and staff.home_location_id = home.location_id
    left join locations as first_location
        on
            staff.organization_id = first_location.organization_id
            and first_location.is_first_location
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
        coalesce(is_active, left_date >= today_date) as is_active,
        is_inferred,
        hired_date,
        left_date,
        {{ refreshed_at() }} as updated_at
    from at_home
)

select * from final
