-- One row per client, currency they bought or paid in, and which of the two it was, or
-- that it is published: the currency of most tickets ranks first, payments only where
-- there is no ticket.
{%- set line = [
    'organization_id', 'sale_id', 'customer_id', 'line_type', 'currency', 'is_return'
] %}
{%- set payment = ['organization_id', 'customer_id', 'currency'] %}

with tickets as (
    select
        sold.organization_id,
        sold.customer_id,
        sold.currency,
        count(distinct sold.sale_id) as uses
    from
        {{ client_history(
            ref('int_sale_lines_rounded'), 'sale_lines', line,
            clients=has_news('has_new_money')
        ) }} as sold
    where
        sold.customer_id is not null
        and sold.line_type in ('service', 'product')
        and not sold.is_return
    group by sold.organization_id, sold.customer_id, sold.currency
),

payments as (
    select
        paid.organization_id,
        paid.customer_id,
        paid.currency,
        count(*) as uses
    from
        {{ client_history(
            ref('int_payments_linked'), 'payments', payment,
            clients=has_news('has_new_money'), published='public.is_completed'
        ) }} as paid
    where paid.customer_id is not null
    group by paid.organization_id, paid.customer_id, paid.currency
),

candidates as (
    select
        organization_id,
        customer_id,
        currency,
        uses,
        'tickets' as basis,
        1 as basis_order
    from tickets
    union all
    select
        organization_id,
        customer_id,
        currency,
        uses,
        'payments' as basis,
        2 as basis_order
    from payments
),

final as (
    select
        organization_id,
        customer_id,
        currency,
        basis,
        uses,
        row_number() over (
            partition by organization_id, customer_id
            order by basis_order asc, uses desc, currency asc
        ) as currency_rank
    from candidates
    {{ union_published_currencies() }}
)

select * from final
