-- One row per client, currency they bought or paid in, and which of the two it was: the
-- currency of most tickets ranks first, payments only where there is no ticket.
with tickets as (
    select
        organization_id,
        customer_id,
        currency,
        count(distinct sale_id) as uses
    from {{ ref('int_sale_lines_rounded') }}
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
    from {{ ref('int_payments_linked') }}
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
