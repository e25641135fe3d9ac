-- One row per location, service day and member of staff: services and products sold.
with sale_lines as (
    select
        sale_lines.*,
        coalesce(sale_lines.staff_id, '__unassigned__') as member_id,
        case when sale_lines.is_return then 0 else 1 end as sold
    from {{ ref('int_sale_lines_rounded') }} as sale_lines
    inner join {{ ref('int_location_today') }} as locations
        on
            sale_lines.organization_id = locations.organization_id
            and sale_lines.location_id = locations.location_id
            and sale_lines.currency = locations.currency
    where
        sale_lines.line_type in ('service', 'product')
        and sale_lines.service_date <= locations.today_date
),

final as (
    select
        organization_id,
        location_id,
        service_date as business_date,
        member_id as staff_id,
        cast(sum(case when line_type = 'service' then sold else 0 end) as bigint)
            as service_lines,
        cast(sum(case when line_type = 'product' then sold else 0 end) as bigint)
            as product_lines,
        sum(case when line_type = 'service' then sold * quantity else 0 end)
            as services_quantity,
        sum(case when line_type = 'product' then sold * quantity else 0 end)
            as products_quantity,
        cast(sum(coalesce(package_recognised_minor, 0)) as bigint)
            as package_recognised_minor
    from sale_lines
    group by organization_id, location_id, service_date, member_id
)

select * from final
