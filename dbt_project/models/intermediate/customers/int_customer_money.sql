-- One row per client of an organization that sends sales: what they spent net of
-- refunds, and how much of it hung on discounts. Discounts are NULL where the
-- organization never states one.
{%- set spend = [
    'gross_minor', 'discount_minor', 'net_service_minor', 'net_retail_minor', 'tax_minor',
    'refunds_minor', 'gift_cards_bought_minor', 'packages_bought_minor', 'net_lifetime_minor',
    'net_12m_minor', 'avg_ticket_minor', 'tickets', 'retail_only_tickets',
    'discounted_tickets', 'coupon_uses', 'effective_discount_rate', 'price_sensitivity_score'
] %}

with joined as (
    select
        sales.*,
        coverage.has_discounts,
        refunds.refunds_minor,
        sales.net_service_minor + sales.net_retail_minor
        - coalesce(refunds.refunded_net_minor, 0) as net_lifetime_minor,
        sales.net_12m_minor - coalesce(refunds.refunded_net_12m_minor, 0)
            as net_12m_after_refunds_minor,
        {{ safe_divide('sales.price_cut_minor', 'sales.priced_gross_minor') }}
            as discount_rate,
        {{ safe_divide('sales.discounted_tickets', 'sales.tickets') }}
            as discounted_ticket_share
    from {{ ref('int_customer_sales') }} as sales
    inner join {{ ref('int_organization_coverage') }} as coverage
        on sales.organization_id = coverage.organization_id
    {{ join_customer_facts(ref('int_customer_refunds'), 'sales', 'refunds') }}
),

final as (
    select
        organization_id,
        customer_id,
        gross_minor,
        case when has_discounts then discount_minor end as discount_minor,
        net_service_minor,
        net_retail_minor,
        tax_minor,
        refunds_minor,
        gift_cards_bought_minor,
        packages_bought_minor,
        cast(net_lifetime_minor as bigint) as net_lifetime_minor,
        cast(net_12m_after_refunds_minor as bigint) as net_12m_minor,
        cast(
            round({{ safe_divide('net_service_minor + net_retail_minor', 'tickets') }})
            as bigint
        ) as avg_ticket_minor,
        tickets,
        retail_only_tickets,
        case when has_discounts then discounted_tickets end as discounted_tickets,
        case when has_discounts then coupon_uses end as coupon_uses,
        case when has_discounts then round(discount_rate, 4) end
            as effective_discount_rate,
        case
            when
                has_discounts
                and tickets >= {{ metric_threshold('price_sensitivity_tickets') }}
                then cast(round(10 * (
                    0.6 * discounted_ticket_share
                    + 0.4 * least(coalesce(discount_rate, 0) / 0.3, 1)
                )) as integer)
        end as price_sensitivity_score
    from joined
    {{ union_published_clients('has_new_spend', spend, 'net_lifetime_minor') }}
)

select * from final
