-- The points of all clients are the points in the ledger, and each balance is what its parts say.
{{ config(meta={'dimension': 'consistency', 'dagster': {'ref': {'name': 'customer_analytics'}}}) }}

{%- set event = ['organization_id', 'customer_id', 'points'] %}

with ledger as (
    select
        organization_id,
        customer_id,
        sum(points) as balance
    from
        {{ client_history(
            ref('loyalty_ledger'), 'loyalty_ledger', event, clients='keys.is_published'
        ) }} as loyalty_ledger
    where customer_id is not null
    group by organization_id, customer_id
),

clients as (
    select *
    from {{ ref('customer_analytics') }} as clients
    where {{ is_in_scope('clients', 'customers', ['customer_id'], 'keys.is_published') }}
)

select
    clients.organization_id,
    clients.customer_id,
    clients.loyalty_points_balance,
    ledger.balance
from clients
full outer join ledger
    on
        clients.organization_id = ledger.organization_id
        and clients.customer_id = ledger.customer_id
where
    (clients.loyalty_points_earned is not null or ledger.customer_id is not null)
    and (
        coalesce(clients.loyalty_points_balance, 0) <> coalesce(ledger.balance, 0)
        or clients.customer_id is null
        or clients.loyalty_points_balance <> clients.loyalty_points_earned
        - clients.loyalty_points_redeemed
        - clients.loyalty_points_expired
        + clients.loyalty_points_adjusted
    )
