-- The balance after an account's latest event is the sum of all its points, and the sum
-- of its four effects.
{{ config(meta={'dimension': 'consistency', 'dagster': {'ref': {'name': 'loyalty_ledger'}}}) }}

{%- set event = [
    'organization_id', 'loyalty_account_id', 'points', 'points_earned', 'points_redeemed',
    'points_expired', 'points_adjusted', 'running_balance', 'is_latest'
] %}

select
    organization_id,
    loyalty_account_id,
    sum(points) as points,
    sum(case when is_latest then running_balance end) as last_balance
from {{ account_history(ref('loyalty_ledger'), event) }} as loyalty_ledger
group by organization_id, loyalty_account_id
having
    sum(points) <> sum(case when is_latest then running_balance end)
    or sum(points)
    <> sum(points_earned) - sum(points_redeemed) - sum(points_expired)
    + sum(points_adjusted)
