-- One row per location and day of the ticket on which tickets sold something or took it
-- back: how many sold, and what they came to.
with days as (
    select
        sales.organization_id,
        sales.location_id,
        sales.business_date,
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
    group by sales.organization_id, sales.location_id, sales.business_date
),

final as (
    select *
    from days
    where tickets > 0 or net_sales_minor <> 0
)

select * from final
