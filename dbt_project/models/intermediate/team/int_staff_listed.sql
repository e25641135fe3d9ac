-- One row per provider or house account: those that a file describes and those that
-- only bookings, tickets, tips or shifts name.
with staff as (
    select * from {{ ref('input__staff') }}
),

mentioned as (
    select
        organization_id,
        staff_id
    from {{ ref('input__appointment_services') }}
    union
    select
        organization_id,
        staff_id
    from {{ ref('input__sale_lines') }}
    union
    select
        organization_id,
        staff_id
    from {{ ref('input__sales') }}
    union
    select
        organization_id,
        tip_staff_id as staff_id
    from {{ ref('input__payments') }}
    union
    select
        organization_id,
        staff_id
    from {{ ref('input__staff_shifts') }}
    union
    select
        organization_id,
        staff_id
    from staff
    {%- if is_published('staff') %}
        union
        select
            organization_id,
            staff_id
        from {{ published_elsewhere('staff', 'known_staff') }}
        where known_staff.is_inferred
    {%- endif %}
),

final as (
    select
        mentioned.organization_id,
        mentioned.staff_id,
        staff.home_location_id,
        staff.customer_id,
        staff.name,
        staff.staff_type,
        staff.role,
        staff.email,
        staff.is_active,
        staff.staff_id is null as is_inferred,
        staff.hired_date,
        staff.left_date
    from mentioned
    left join staff
        on
            mentioned.organization_id = staff.organization_id
            and mentioned.staff_id = staff.staff_id
    where mentioned.staff_id is not null
)

select * from final
