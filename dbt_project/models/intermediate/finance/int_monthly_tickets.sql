-- One row per location and month of the ticket: tickets that sold something, and what
-- they sold. Months come into scope with the days of the spine.
-- depends_on: {{ ref('int_financial_spine') }}
with tickets as (
    select
        sales.organization_id,
        sales.location_id,
        sales.currency,
        sums.has_service_or_product,
        sums.net_service_minor + sums.net_product_minor as net_sales_minor,
        sales.business_date
    from {{ ref('int_sales_closed') }} as sales
    inner join {{ ref('int_sale_sums') }} as sums
        on
            sales.organization_id = sums.organization_id
            and sales.sale_id = sums.sale_id
    {%- if is_published('sales') %}
        union all
        select
            known.organization_id,
            known.location_id,
            known.currency,
            known.has_service_or_product,
            known.net_service_minor + known.net_product_minor as net_sales_minor,
            known.business_date
        from {{ keys_in_scope('months') }} as months
        inner join {{ published_outside_scope('sales', 'known') }}
            on
                months.organization_id = known.organization_id
                and months.location_id = known.location_id
                and months.month_start_date <= known.business_date
                and {{ dbt.dateadd('month', 1, 'months.month_start_date') }}
                > known.business_date
    {%- endif %}
),

final as (
    select
        tickets.organization_id,
        tickets.location_id,
        cast({{ dbt.date_trunc('month', 'tickets.business_date') }} as date)
            as month_start_date,
        cast(
            sum(case when tickets.has_service_or_product then 1 else 0 end) as bigint
        ) as tickets,
        cast(sum(tickets.net_sales_minor) as bigint) as net_sales_minor
    from tickets
    inner join {{ ref('int_location_today') }} as locations
        on
            tickets.organization_id = locations.organization_id
            and tickets.location_id = locations.location_id
            and tickets.currency = locations.currency
    group by 1, 2, 3
)

select * from final
