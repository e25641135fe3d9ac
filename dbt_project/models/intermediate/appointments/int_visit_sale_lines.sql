-- One row per service or product line of a closed ticket, with the visit that it
-- belongs to if there was one. A ticket that settles an attended booking belongs to
-- that booking's visit.
with sale_lines as (
    select * from {{ ref('int_sale_lines_rounded') }}
    where line_type in ('service', 'product')
),

placed as (
    select
        sale_lines.organization_id,
        sale_lines.sale_id,
        sale_lines.sale_line_id,
        appointments.appointment_id,
        sale_lines.line_type,
        sale_lines.net_minor,
        sale_lines.is_return,
        sales.has_sale_time,
        sale_lines.service_date,
        sale_lines.sold_at,
        coalesce(sale_lines.customer_id, appointments.customer_id) as customer_id,
        case
            when sale_lines.line_type = 'service'
                then coalesce(appointments.location_id, sale_lines.location_id)
            else sale_lines.location_id
        end as location_id
    from sale_lines
    inner join {{ ref('input__sales') }} as sales
        on
            sale_lines.organization_id = sales.organization_id
            and sale_lines.sale_id = sales.sale_id
    left join {{ ref('int_appointments_attended') }} as appointments
        on
            sale_lines.organization_id = appointments.organization_id
            and sale_lines.appointment_id = appointments.appointment_id
),

final as (
    select
        placed.organization_id,
        placed.sale_id,
        placed.sale_line_id,
        {{ visit_id(
            'placed.customer_id',
            'placed.location_id',
            'placed.service_date',
            'placed.appointment_id',
            'placed.sale_id'
        ) }} as visit_id,
        placed.location_id,
        placed.customer_id,
        placed.line_type,
        placed.net_minor,
        placed.is_return,
        -- A service paid for ahead of its day is no visit yet; one taken back never
        -- was.
        placed.line_type = 'service'
        and not placed.is_return
        and placed.service_date <= today.today_date as is_visit,
        placed.has_sale_time,
        placed.service_date,
        placed.sold_at
    from placed
    inner join {{ ref('int_location_today') }} as today
        on
            placed.organization_id = today.organization_id
            and placed.location_id = today.location_id
)

select * from final
