-- One row per visit with its money and its place in the client's history.
{%- set counted = [
    'organization_id', 'visit_id', 'location_id', 'customer_id', 'attendance_basis', 'currency',
    'visit_hour', 'attended_bookings', 'services', 'service_lines', 'product_lines', 'tickets',
    'service_minutes', 'net_service_minor', 'net_product_minor', 'is_booked', 'has_visit_time',
    'visit_date', 'visit_at'
] %}

with money as (
    select
        organization_id,
        visit_id,
        count(distinct sale_id) as tickets,
        sum(case when line_type = 'product' and not is_return then 1 else 0 end)
            as product_lines,
        sum(case when line_type = 'service' then net_minor else 0 end)
            as net_service_minor,
        sum(case when line_type = 'product' then net_minor else 0 end)
            as net_product_minor
    from {{ ref('int_visit_sale_lines') }}
    group by organization_id, visit_id
),

-- Without any sales file, what a visit brought is unknown and not nothing.
valued as (
    select
        visits.*,
        locations.currency,
        case
            when visits.has_visit_time
                then {{ local_hour('visits.visit_at', 'locations.timezone') }}
        end as visit_hour,
        case when coverage.has_sales then coalesce(money.tickets, 0) end as tickets,
        case when coverage.has_sales then coalesce(money.product_lines, 0) end
            as product_lines,
        case when coverage.has_sales then coalesce(money.net_service_minor, 0) end
            as net_service_minor,
        case when coverage.has_sales then coalesce(money.net_product_minor, 0) end
            as net_product_minor
    from {{ ref('int_visit_days') }} as visits
    {{ join_locations('visits') }}
    inner join {{ ref('int_organization_coverage') }} as coverage
        on visits.organization_id = coverage.organization_id
    left join money
        on
            visits.organization_id = money.organization_id
            and visits.visit_id = money.visit_id
    where {{ is_whole_visit('visits') }}
),

history as (
    select
        {{ counted | join(',\n        ') }}
    from valued
    {{ union_other_visits(ref('int_visit_renumbering'), counted) }}
),

numbered as (
    select
        history.*,
        coalesce(renumbering.visits_before, 0) + row_number() over (
            partition by history.organization_id, history.customer_id
            order by history.visit_date, history.visit_at, history.visit_id
        ) as visit_number,
        coalesce(
            lag(history.visit_date) over (
                partition by history.organization_id, history.customer_id
                order by history.visit_date, history.visit_at, history.visit_id
            ),
            renumbering.previous_visit_date
        ) as previous_visit_date
    from history
    {{ join_customer_facts(
        ref('int_visit_renumbering'), 'history', 'renumbering'
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
        case when customer_id is not null then cast(visit_number as integer) end
            as visit_number,
        case
            when customer_id is not null
                then {{ days_between('previous_visit_date', 'visit_date') }}
        end as days_since_previous_visit,
        visit_hour,
        cast(attended_bookings as integer) as attended_bookings,
        cast(services as integer) as services,
        cast(service_lines as integer) as service_lines,
        cast(product_lines as integer) as product_lines,
        cast(tickets as integer) as tickets,
        cast(service_minutes as bigint) as service_minutes,
        cast(net_service_minor as bigint) as net_service_minor,
        cast(net_product_minor as bigint) as net_product_minor,
        customer_id is null as is_walk_in,
        is_booked,
        has_visit_time,
        visit_date,
        visit_at
    from numbered
)

select * from final
