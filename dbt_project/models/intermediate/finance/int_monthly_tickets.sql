-- One row per location and month of the ticket: tickets that sold something, and what
-- they sold.
with final as (
    select
        sales.organization_id,
        sales.location_id,
        cast({{ dbt.date_trunc('month', 'sales.business_date') }} as date)
            as month_start_date,
        cast(
            sum(case when sums.has_service_or_product then 1 else 0 end) as bigint
        ) as tickets,
        cast(sum(sums.net_service_minor + sums.net_product_minor) as bigint)
            as net_sales_minor
    from {{ ref('int_sales_closed') }} as sales
    inner join {{ ref('int_sale_sums') }} as sums
        on
            sales.organization_id = sums.organization_id
            and sales.sale_id = sums.sale_id
    inner join {{ ref('int_location_today') }} as locations
        on
            sales.organization_id = locations.organization_id
            and sales.location_id = locations.location_id
            and sales.currency = locations.currency
    group by 1, 2, 3
)

select * from final
