-- One row per closed ticket with lines: what its lines add up to, by kind.
with final as (
    select
        organization_id,
        sale_id,
        count(*) as line_count,
        cast(sum(case when line_type = 'service' then 1 else 0 end) as bigint)
            as service_lines,
        cast(sum(case when line_type = 'product' then 1 else 0 end) as bigint)
            as product_lines,
        cast(sum(gross_minor) as bigint) as gross_minor,
        cast(sum(discount_minor) as bigint) as discount_minor,
        cast(sum(net_minor) as bigint) as net_minor,
        cast(sum(tax_minor) as bigint) as tax_minor,
        cast(sum(total_minor) as bigint) as total_minor,
        cast(sum(case when line_type = 'service' then net_minor else 0 end) as bigint)
            as net_service_minor,
        cast(sum(case when line_type = 'product' then net_minor else 0 end) as bigint)
            as net_product_minor,
        cast(
            sum(
                case when line_type = 'service_charge' then net_minor else 0 end
            ) as bigint
        ) as service_charges_minor,
        cast(sum(case when line_type = 'fee' then net_minor else 0 end) as bigint)
            as fees_minor,
        cast(
            sum(
                case
                    when
                        line_type in ('gift_card', 'package', 'membership')
                        then net_minor
                    else 0
                end
            ) as bigint
        ) as liability_sales_minor,
        -- A ticket of average-ticket statistics sells at least one service or product.
        max(
            case
                when line_type in ('service', 'product') and not is_return then 1 else 0
            end
        ) = 1 as has_service_or_product,
        max(case when is_return then 1 else 0 end) = 1 as has_returns
    from {{ ref('int_sale_lines_rounded') }}
    group by organization_id, sale_id
)

select * from final
