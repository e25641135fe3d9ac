-- One row per client: the currency of most of their tickets, in which their money is told, and the
-- others they bought in, whose amounts are never added to it.
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
        1 as basis
    from tickets
    union all
    select
        organization_id,
        customer_id,
        currency,
        uses,
        2 as basis
    from payments
),

ranked as (
    select
        candidates.*,
        row_number() over (
            partition by organization_id, customer_id
            order by basis, uses desc, currency
        ) as currency_rank
    from candidates
),

main_currency as (
    select organization_id, customer_id, currency
    from ranked
    where currency_rank = 1
),

others as (
    select
        ranked.organization_id,
        ranked.customer_id,
        {{ sorted_array('ranked.currency') }} as other_currencies
    from ranked
    inner join main_currency
        on
            ranked.organization_id = main_currency.organization_id
            and ranked.customer_id = main_currency.customer_id
    where ranked.currency <> main_currency.currency
    group by ranked.organization_id, ranked.customer_id
),

final as (
    select
        age.organization_id,
        age.customer_id,
        coalesce(
            main_currency.currency, age.home_currency, organizations.default_currency, 'XXX'
        ) as currency,
        others.other_currencies
    from {{ ref('int_customer_age') }} as age
    inner join {{ ref('input__organizations') }} as organizations
        on age.organization_id = organizations.organization_id
    {{ join_customer_facts('main_currency', 'age') }}
    {{ join_customer_facts('others', 'age') }}
)

select * from final
