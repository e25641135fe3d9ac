-- Earning adds and redeeming or expiring takes away. A warning: a source that sends the
-- wrong sign turns balances upside down, and one that claws points back does so on
-- purpose.
{{ config(
    severity='warn',
    meta={'dimension': 'accuracy', 'dagster': {'ref': {'name': 'loyalty_ledger'}}}
) }}

select
    organization_id,
    loyalty_event_id,
    event_type,
    points
from {{ ref('loyalty_ledger') }}
where
    (event_type in ('earn', 'bonus', 'redeem_return') and points < 0)
    or (event_type in ('redeem', 'expire') and points > 0)
