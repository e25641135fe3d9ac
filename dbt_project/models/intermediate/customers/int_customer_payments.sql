-- One row per client of an organization that sends payments: what they paid, tips
-- apart.
{%- set facts = [
    'organization_id', 'customer_id', 'tender_type', 'currency', 'amount_minor', 'tip_minor',
    'paid_at'
] %}

{%- set published = [
    'last_payment_at', 'payments', 'tips_minor', 'gift_cards_redeemed_minor'
] %}

with customers as (
    {{ customers_covered_by('coverage.has_payments', news='has_new_money') }}
),

counted as (
    select
        payments.organization_id,
        payments.customer_id,
        count(*) as payments,
        max(payments.paid_at) as last_payment_at,
        sum(payments.tip_minor) filter (where payments.currency = currencies.currency)
            as tips_minor,
        sum(payments.amount_minor) filter (
            where payments.currency = currencies.currency
            and payments.tender_type = 'gift_card'
        ) as gift_cards_redeemed_minor
    from
        {{ client_history(
            ref('int_payments_linked'), 'payments', facts,
            clients=has_news('has_new_money'), published='public.is_completed'
        ) }} as payments
    inner join {{ ref('int_customer_currency') }} as currencies
        on
            payments.organization_id = currencies.organization_id
            and payments.customer_id = currencies.customer_id
    group by payments.organization_id, payments.customer_id
),

final as (
    select
        customers.organization_id,
        customers.customer_id,
        counted.last_payment_at,
        coalesce(counted.payments, 0) as payments,
        cast(coalesce(counted.tips_minor, 0) as bigint) as tips_minor,
        cast(coalesce(counted.gift_cards_redeemed_minor, 0) as bigint)
            as gift_cards_redeemed_minor
    from customers
    {{ join_customer_facts('counted') }}
    {{ union_published_clients('has_new_money', published, 'payments') }}
)

select * from final
