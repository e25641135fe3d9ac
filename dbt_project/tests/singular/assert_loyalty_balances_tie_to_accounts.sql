-- Events of an account add up to the balance that its source states. A warning, since
-- it may be the source that is wrong: each row is an account whose ledger and statement
-- differ.
{{ config(
    severity='warn',
    meta={'dimension': 'accuracy', 'dagster': {'ref': {'name': 'loyalty_ledger'}}}
) }}

{%- set event = ['organization_id', 'loyalty_account_id', 'points'] %}

with ledger as (
    select
        organization_id,
        loyalty_account_id,
        sum(points) as points
    from {{ account_history(ref('loyalty_ledger'), event) }} as loyalty_ledger
    group by organization_id, loyalty_account_id
)

select
    accounts.organization_id,
    accounts.loyalty_account_id,
    accounts.balance as stated_balance,
    coalesce(ledger.points, 0) as ledger_balance
from {{ ref('input__loyalty_accounts') }} as accounts
left join ledger
    on
        accounts.organization_id = ledger.organization_id
        and accounts.loyalty_account_id = ledger.loyalty_account_id
where
    accounts.balance <> coalesce(ledger.points, 0)
    and {{ is_in_scope(
        'accounts', 'loyalty_accounts', ['loyalty_account_id'], 'keys.is_changed'
    ) }}
