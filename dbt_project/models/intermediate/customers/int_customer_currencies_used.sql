-- One row per client, currency they bought or paid in, and which of the two it was: the
-- currency of most tickets ranks first, payments only where there is no ticket.
{%- set lines = [
    'organization_id', 'sale_id', 'customer_id', 'line_type', 'currency', 'is_return'
] %}
{%- set paid = ['organization_id', 'customer_id', 'currency'] %}

with tickets as (
    select
        organization_id,
        customer_id,
        currency,
        count(distinct sale_id) as uses
    from
        {{ client_history(ref('int_sale_lines_rounded'), 'sale_lines', lines) }} as sale_lines
    where
        customer_id is not null
        and line_type in ('service', 'product')
        and not is_return
    group by organization_id, customer_id, currency
),

payments as (
    select
        organization_id,
        customer_id,
        currency,
        count(*) as uses
    from
        {{ client_history(
            ref('int_payments_linked'), 'payments', paid, published='public.is_completed'
        ) }} as payments
    where customer_id is not null
    group by organization_id, customer_id, currency
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
)

select * from final
