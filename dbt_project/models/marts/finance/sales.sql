with sales as (
    select * from {{ ref('int_sales_closed') }}
),

final as (
    select
        sales.organization_id,
        sales.sale_id,
        sales.location_id,
        sales.customer_id,
        sales.appointment_id,
        sales.staff_id,
        sales.currency,
        sales.source_system,
        coalesce(sums.line_count, 0) as line_count,
        coalesce(sums.service_lines, 0) as service_lines,
        coalesce(sums.product_lines, 0) as product_lines,
        coalesce(sums.gross_minor, 0) as gross_minor,
        coalesce(sums.discount_minor, 0) as discount_minor,
        coalesce(sums.net_minor, 0) as net_minor,
        coalesce(sums.tax_minor, 0) as tax_minor,
        coalesce(sums.total_minor, 0) as total_minor,
        sales.total_minor as stated_total_minor,
        coalesce(sums.net_service_minor, 0) as net_service_minor,
        coalesce(sums.net_product_minor, 0) as net_product_minor,
        coalesce(sums.service_charges_minor, 0) as service_charges_minor,
        coalesce(sums.fees_minor, 0) as fees_minor,
        coalesce(sums.liability_sales_minor, 0) as liability_sales_minor,
        {{ zero_where_known('coverage.has_payments', 'takings.paid_minor') }}
            as paid_minor,
        {{ zero_where_known('coverage.has_payments', 'takings.tips_minor') }}
            as tips_minor,
        {{ zero_where_known('coverage.has_payments', 'takings.over_payment_minor') }}
            as over_payment_minor,
        case when coverage.has_payments then greatest(
            coalesce(settlements.payable_minor, 0)
            - coalesce(takings.allocated_minor, 0),
            0
        ) end as open_balance_minor,
        {{ zero_where_known(
            'coverage.has_payments or coverage.has_refunds', 'takings.refunded_minor'
        ) }} as refunded_minor,
        coalesce(sums.net_service_minor + sums.net_product_minor, 0)
        - coalesce(takings.reversed_net_minor, 0) as net_as_restated_minor,
        {{ zero_where_known('coverage.has_payments', 'takings.payments') }} as payments,
        sales.is_walk_in,
        coalesce(sums.has_service_or_product, false) as has_service_or_product,
        coalesce(sums.has_returns, false) as has_returns,
        sales.business_date,
        sales.created_at,
        sales.closed_at,
        sales.sold_at,
        {{ refreshed_at() }} as updated_at
    from sales
    inner join {{ ref('int_organization_coverage') }} as coverage
        on sales.organization_id = coverage.organization_id
    left join {{ ref('int_sale_sums') }} as sums
        on
            sales.organization_id = sums.organization_id
            and sales.sale_id = sums.sale_id
    left join {{ ref('int_sale_money') }} as takings
        on
            sales.organization_id = takings.organization_id
            and sales.sale_id = takings.sale_id
    left join {{ ref('int_ticket_settlements') }} as settlements
        on
            sales.organization_id = settlements.organization_id
            and sales.sale_id = settlements.sale_id
)

select * from final
