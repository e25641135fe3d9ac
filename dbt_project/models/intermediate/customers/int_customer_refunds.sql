-- One row per client of an organization that sends payments or refunds: what was given
-- back, in their currency. Only what reverses services and products lowers their spend.
with customers as (
    {{ customers_covered_by(
        'coverage.has_payments or coverage.has_refunds', news='has_new_spend'
    ) }}
),

given_back as (
    select
        refunds.organization_id,
        refunds.customer_id,
        sum(refunds.amount_minor) as refunds_minor
    from {{ ref('int_refunds_linked') }} as refunds
    inner join {{ ref('int_customer_currency') }} as currencies
        on
            refunds.organization_id = currencies.organization_id
            and refunds.customer_id = currencies.customer_id
            and refunds.currency = currencies.currency
    group by refunds.organization_id, refunds.customer_id
),

-- Paying for a line that was returned on the ticket lowers nothing twice; a deposit
-- given back on an unfinished ticket never was spend.
reversed as (
    select
        allocations.organization_id,
        allocations.customer_id,
        allocations.net_minor,
        {{ days_between('allocations.business_date', 'today.today_date') }} < 365
            as is_12m
    from {{ ref('int_refund_allocations') }} as allocations
    inner join {{ ref('int_customer_currency') }} as currencies
        on
            allocations.organization_id = currencies.organization_id
            and allocations.customer_id = currencies.customer_id
            and allocations.currency = currencies.currency
    inner join {{ ref('int_location_today') }} as today
        on
            allocations.organization_id = today.organization_id
            and allocations.location_id = today.location_id
    where
        not allocations.is_return_settlement
        and allocations.link <> 'unallocated'
        and coalesce(allocations.line_type, 'product') in ('service', 'product')
),

summed as (
    select
        organization_id,
        customer_id,
        sum(net_minor) as refunded_net_minor,
        sum(net_minor) filter (where is_12m) as refunded_net_12m_minor
    from reversed
    group by organization_id, customer_id
),

final as (
    select
        customers.organization_id,
        customers.customer_id,
        cast(coalesce(given_back.refunds_minor, 0) as bigint) as refunds_minor,
        cast(coalesce(summed.refunded_net_minor, 0) as bigint) as refunded_net_minor,
        cast(coalesce(summed.refunded_net_12m_minor, 0) as bigint)
            as refunded_net_12m_minor
    from customers
    {{ join_customer_facts('given_back') }}
    {{ join_customer_facts('summed') }}
    {#- Their spend is published net of refunds. #}
    {{ union_published_clients(
        'has_new_spend', ['refunds_minor', 'null', 'null'], 'refunds_minor'
    ) }}
)

select * from final
