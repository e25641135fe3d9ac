-- One row per line of a closed ticket, money exact, with the days on which it counts.
with sale_lines as (
    select * from {{ ref('input__sale_lines') }}
),

closed_sales as (
    select * from {{ ref('int_sales_closed') }}
),

-- A ticket counts on its booking's day only where that booking took place or still may.
held_appointments as (
    select
        appointments.organization_id,
        appointments.appointment_id,
        appointments.start_date
    from {{ ref('input__appointments') }} as appointments
    inner join {{ ref('booking_status_map') }} as statuses
        on appointments.status = statuses.status
    where
        not statuses.is_cancelled
        and not statuses.is_no_show
        and not statuses.is_declined
),

final as (
    select
        sale_lines.organization_id,
        sale_lines.sale_id,
        sale_lines.sale_line_id,
        closed_sales.location_id,
        sale_lines.customer_id,
        sale_lines.staff_id,
        closed_sales.appointment_id,
        sale_lines.appointment_service_id,
        sale_lines.package_redemption_id,
        sale_lines.item_id,
        sale_lines.line_type,
        sale_lines.description,
        sale_lines.discount_type,
        sale_lines.discount_code,
        closed_sales.currency,
        sale_lines.source_system,
        sale_lines.quantity,
        sale_lines.gross_exact,
        coalesce(sale_lines.discount_exact, 0) as discount_exact,
        coalesce(sale_lines.tax_exact, 0) as stated_tax_exact,
        greatest(sale_lines.load_id, closed_sales.load_id) as load_id,
        sale_lines.quantity < 0 as is_return,
        closed_sales.is_walk_in and sale_lines.customer_id is null as is_walk_in,
        closed_sales.business_date,
        case
            when sale_lines.line_type = 'service' and sale_lines.quantity >= 0
                then coalesce(held_appointments.start_date, closed_sales.business_date)
            else closed_sales.business_date
        end as service_date,
        closed_sales.sold_at
    from sale_lines
    inner join closed_sales
        on
            sale_lines.organization_id = closed_sales.organization_id
            and sale_lines.sale_id = closed_sales.sale_id
    left join held_appointments
        on
            closed_sales.organization_id = held_appointments.organization_id
            and closed_sales.appointment_id = held_appointments.appointment_id
)

select * from final
