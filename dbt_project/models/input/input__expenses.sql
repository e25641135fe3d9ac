with expenses as (
    select *
    from {{ of_touched_organizations(ref('stg_native__expenses')) }} as expenses
),

final as (
    select
        expenses.organization_id,
        expenses.expense_id,
        expenses.location_id,
        expenses.category,
        {{ to_minor('expenses.amount', 'currencies.exponent') }} as amount_minor,
        expenses.currency,
        expenses.expense_date,
        expenses.source_system,
        expenses.load_id
    from expenses
    left join {{ ref('currencies') }} as currencies
        on expenses.currency = currencies.currency
    where {{ is_live('expenses') }}
)

select * from final
