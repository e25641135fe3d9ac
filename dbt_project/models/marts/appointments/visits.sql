with visits as (
    select visits.* from {{ ref('int_visits') }} as visits
    where
        visits.customer_id is null
        or {{ is_in_scope(
            'visits', 'customers', ['customer_id'], 'keys.is_published'
        ) }}
),

final as (
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
    from visits
)

select * from final
