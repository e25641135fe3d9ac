with final as (
    select
        organization_id,
        visit_id,
        location_id,
        customer_id,
        attendance_basis,
        currency,
        visit_number,
        days_since_previous_visit,
        visit_hour,
        attended_bookings,
        services,
        service_lines,
        product_lines,
        tickets,
        service_minutes,
        net_service_minor,
        net_product_minor,
        is_walk_in,
        is_booked,
        has_visit_time,
        visit_date,
        visit_at,
        {{ refreshed_at() }} as updated_at
    from {{ ref('int_visits') }}
)

select * from final
