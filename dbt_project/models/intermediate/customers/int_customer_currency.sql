-- One row per client: the currency in which their money is told, that of most of their
-- tickets, else of most payments, else of their home.
with main_currencies as (
    select
        organization_id,
        customer_id,
        currency
    from {{ ref('int_customer_currencies_used') }}
    where currency_rank = 1
),

final as (
    select
        age.organization_id,
        age.customer_id,
        coalesce(
            main_currencies.currency,
            age.home_currency,
            organizations.default_currency,
            'XXX'
        ) as currency
    from {{ ref('int_customer_age') }} as age
    inner join {{ ref('input__organizations') }} as organizations
        on age.organization_id = organizations.organization_id
    {{ join_customer_facts('main_currencies', 'age') }}
)

select * from final
