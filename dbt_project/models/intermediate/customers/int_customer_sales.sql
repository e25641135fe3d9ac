-- One row per client of an organization that sends sales, whose spend may be new: what
-- they bought in their currency, ex refunds, returned lines taken off.
{%- set facts = [
    'organization_id', 'sale_id', 'location_id', 'customer_id', 'line_type', 'discount_type',
    'currency', 'gross_minor', 'discount_minor', 'net_minor', 'tax_minor', 'is_return',
    'service_date'
] %}
{#- The lines are read twice, and first written out: only what is counted. -#}
{%- set uncounted = ['location_id', 'currency', 'service_date'] %}
{%- set counted = facts | reject('in', uncounted) | list %}

with customers as (
    {{ customers_covered_by('coverage.has_sales', news='has_new_spend') }}
),

sale_lines as (
    select
        {{ list_columns('sale_lines', counted) }},
        sale_lines.line_type in ('service', 'product') as is_merchandise,
        sale_lines.line_type in ('service', 'product') and not sale_lines.is_return
            as is_purchase,
        -- A package session is prepaid, which is no discount to the client.
        coalesce(sale_lines.discount_type, 'none') = 'package' as is_package_session,
        {{ days_between('sale_lines.service_date', 'today.today_date') }} < 365
            as is_12m,
        sale_lines.currency = currencies.currency as is_main_currency
    from
        {{ client_history(
            ref('int_sale_lines_rounded'), 'sale_lines', facts, clients=has_news('has_new_spend')
        ) }} as sale_lines
    inner join {{ ref('int_customer_currency') }} as currencies
        on
            sale_lines.organization_id = currencies.organization_id
            and sale_lines.customer_id = currencies.customer_id
    inner join {{ ref('int_location_today') }} as today
        on
            sale_lines.organization_id = today.organization_id
            and sale_lines.location_id = today.location_id
),

retail_tickets as (
    select
        organization_id,
        customer_id,
        sale_id
    from sale_lines
    group by organization_id, customer_id, sale_id
    having
        count(*) filter (where line_type = 'product' and not is_return) > 0
        and count(*) filter (where line_type = 'service') = 0
),

-- A ticket may hold another's service beside a client's products.
service_tickets as (
    select distinct
        lines_of_tickets.organization_id,
        lines_of_tickets.sale_id
    from
        {{ ticket_history(
            'retail_tickets',
            ref('int_sale_lines_rounded'),
            'sale_lines',
            ['organization_id', 'sale_id', 'line_type']
        ) }} as lines_of_tickets
    where lines_of_tickets.line_type = 'service'
),

retail_only as (
    select
        retail_tickets.organization_id,
        retail_tickets.customer_id,
        count(*) as retail_only_tickets
    from retail_tickets
    left join service_tickets
        on
            retail_tickets.organization_id = service_tickets.organization_id
            and retail_tickets.sale_id = service_tickets.sale_id
    where service_tickets.sale_id is null
    group by retail_tickets.organization_id, retail_tickets.customer_id
),

counted as (
    select
        organization_id,
        customer_id,
        sum(gross_minor) filter (where is_merchandise) as gross_minor,
        sum(discount_minor) filter (where is_merchandise) as discount_minor,
        sum(net_minor) filter (where line_type = 'service') as net_service_minor,
        sum(net_minor) filter (where line_type = 'product') as net_retail_minor,
        sum(net_minor) filter (where line_type = 'gift_card')
            as gift_cards_bought_minor,
        sum(net_minor) filter (where line_type = 'package') as packages_bought_minor,
        sum(net_minor) filter (where is_merchandise and is_12m) as net_12m_minor,
        sum(tax_minor) as tax_minor,
        count(distinct sale_id) filter (where is_purchase) as tickets,
        count(distinct sale_id) filter (
            where is_purchase and discount_minor > 0 and not is_package_session
        ) as discounted_tickets,
        count(*) filter (
            where is_purchase and discount_minor > 0 and discount_type = 'coupon'
        ) as coupon_uses,
        sum(discount_minor) filter (where is_purchase and not is_package_session)
            as price_cut_minor,
        sum(gross_minor) filter (where is_purchase and not is_package_session)
            as priced_gross_minor
    from sale_lines
    where is_main_currency
    group by organization_id, customer_id
),

final as (
    select
        customers.organization_id,
        customers.customer_id,
        coalesce(retail_only.retail_only_tickets, 0) as retail_only_tickets,
        {% for amount in [
            'gross_minor', 'discount_minor', 'net_service_minor', 'net_retail_minor',
            'gift_cards_bought_minor', 'packages_bought_minor', 'net_12m_minor', 'tax_minor',
            'tickets', 'discounted_tickets', 'coupon_uses', 'price_cut_minor',
            'priced_gross_minor'
        ] -%}
        cast(coalesce(counted.{{ amount }}, 0) as bigint) as {{ amount }}
        {{- "," if not loop.last }}
    {% endfor %}
    from customers
    {{ join_customer_facts('retail_only') }}
    {{ join_customer_facts('counted') }}
)

select * from final
