-- Service lines of closed tickets whose day has come are as many in visits as on
-- tickets. Compared for a whole business, since a ticket may be closed elsewhere than
-- where its booking was; in a pass over keys, for the days that it recomputes.
{{ config(meta={'dimension': 'consistency', 'dagster': {'ref': {'name': 'visits'}}}) }}

with served as (
    select
        sale_lines.organization_id,
        sale_lines.service_date as business_date,
        coalesce(bookings.location_id, sale_lines.location_id) as location_id,
        coalesce(sale_lines.customer_id, bookings.customer_id) as customer_id
    from {{ ref('sale_lines') }} as sale_lines
    inner join {{ ref('int_location_today') }} as today
        on
            sale_lines.organization_id = today.organization_id
            and sale_lines.location_id = today.location_id
    left join {{ ref('appointments') }} as bookings
        on
            sale_lines.organization_id = bookings.organization_id
            and sale_lines.appointment_id = bookings.appointment_id
            and bookings.visit_id is not null
    where
        sale_lines.line_type = 'service'
        and not sale_lines.is_return
        and sale_lines.service_date <= today.today_date
),

counted as (
    select
        organization_id,
        location_id,
        business_date,
        customer_id,
        1 as on_tickets,
        0 as in_visits
    from served
    union all
    select
        organization_id,
        location_id,
        visit_date as business_date,
        customer_id,
        0 as on_tickets,
        service_lines as in_visits
    from {{ ref('visits') }}
)

select
    organization_id,
    sum(on_tickets) as on_tickets,
    sum(in_visits) as in_visits
from counted
where
    {{ is_in_scope('counted', 'days', ['location_id', 'business_date']) }}
    and (
        customer_id is null
        or {{ is_in_scope('counted', 'customers', ['customer_id'], 'keys.is_changed') }}
    )
group by organization_id
having sum(on_tickets) <> sum(in_visits)
