-- One row per client whose visits may be new, local day, location, service and
-- provider that they were served with, whether booked, sold or both.
{%- set booking = [
    'organization_id', 'customer_id', 'location_id', 'service_id', 'staff_id', 'is_attended',
    'start_date'
] %}
{%- set line = [
    'organization_id', 'customer_id', 'location_id', 'item_id', 'staff_id', 'line_type',
    'is_return', 'service_date'
] %}

with services as (
    select * from {{ ref('input__services') }}
),

served as (
    select
        booked.organization_id,
        booked.customer_id,
        booked.location_id,
        booked.start_date as service_date,
        booked.service_id,
        booked.staff_id
    from
        {{ client_history(
            ref('int_appointment_services_derived'), 'appointment_services', booking,
            clients=has_news('has_new_visits')
        ) }} as booked
    where booked.is_attended
    union
    select
        sold.organization_id,
        sold.customer_id,
        sold.location_id,
        sold.service_date,
        sold.item_id as service_id,
        sold.staff_id
    from
        {{ client_history(
            ref('int_sale_lines_rounded'), 'sale_lines', line,
            clients=has_news('has_new_visits')
        ) }} as sold
    where sold.line_type = 'service' and not sold.is_return
),

final as (
    select
        served.organization_id,
        served.customer_id,
        served.location_id,
        served.service_date,
        served.service_id,
        services.category as service_category,
        case
            when coalesce(staff.staff_type, 'person') = 'person' then served.staff_id
        end as staff_id
    from served
    inner join {{ ref('int_location_today') }} as today
        on
            served.organization_id = today.organization_id
            and served.location_id = today.location_id
    left join services
        on
            served.organization_id = services.organization_id
            and served.service_id = services.service_id
    left join {{ ref('input__staff') }} as staff
        on
            served.organization_id = staff.organization_id
            and served.staff_id = staff.staff_id
    where served.customer_id is not null and served.service_date <= today.today_date
)

select * from final
