-- One row per client who bought or paid in several currencies: those but the main one.
with final as (
    select
        used.organization_id,
        used.customer_id,
        {{ sorted_array('used.currency') }} as other_currencies
    from {{ ref('int_customer_currencies_used') }} as used
    inner join {{ ref('int_customer_currency') }} as main_currencies
        on
            used.organization_id = main_currencies.organization_id
            and used.customer_id = main_currencies.customer_id
    where used.currency <> main_currencies.currency
    group by used.organization_id, used.customer_id
)

select * from final
