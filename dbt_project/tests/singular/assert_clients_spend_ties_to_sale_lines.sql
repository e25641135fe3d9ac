-- What clients spent in their currency, with what walk-ins spent and clients did in other
-- currencies, is what services and products came to, to the cent.
{{ config(meta={'dimension': 'consistency', 'dagster': {'ref': {'name': 'customer_analytics'}}}) }}

{%- set facts = ['organization_id', 'customer_id', 'line_type', 'currency', 'net_minor'] %}

with clients as (
    select *
    from {{ ref('customer_analytics') }} as clients
    where {{ is_in_scope('clients', 'customers', ['customer_id'], 'keys.is_changed') }}
),

sold as (
    select
        sale_lines.organization_id,
        sale_lines.currency,
        sum(sale_lines.net_minor) as net_minor,
        sum(case when clients.customer_id is null then sale_lines.net_minor else 0 end)
            as elsewhere_minor
    from
        {{ client_history(
            ref('sale_lines'), 'sale_lines', facts, clients='keys.is_changed'
        ) }} as sale_lines
    left join clients
        on
            sale_lines.organization_id = clients.organization_id
            and sale_lines.customer_id = clients.customer_id
            and sale_lines.currency = clients.currency
    where sale_lines.line_type in ('service', 'product')
    group by sale_lines.organization_id, sale_lines.currency
),

spent as (
    select
        organization_id,
        currency,
        sum(net_service_minor + net_retail_minor) as net_minor
    from clients
    group by organization_id, currency
)

select
    sold.organization_id,
    sold.currency,
    sold.net_minor,
    sold.elsewhere_minor,
    spent.net_minor as clients_minor
from sold
left join spent
    on
        sold.organization_id = spent.organization_id
        and sold.currency = spent.currency
where sold.net_minor <> sold.elsewhere_minor + coalesce(spent.net_minor, 0)
