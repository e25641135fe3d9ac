-- Money in another currency than its location's is in no daily table, since currencies
-- are never added up. A warning that names each row left out.
{{ config(
    severity='warn',
    meta={'dimension': 'accuracy', 'dagster': {'ref': {'name': 'sales'}}}
) }}

with money as (
    select organization_id, location_id, currency, 'sale' as kind, sale_id as money_id
    from {{ ref('sales') }}
    union all
    select organization_id, location_id, currency, 'payment' as kind, payment_id as money_id
    from {{ ref('payments') }}
    union all
    select organization_id, location_id, currency, 'refund' as kind, refund_id as money_id
    from {{ ref('refunds') }}
)

select money.*
from money
inner join {{ ref('locations') }} as locations
    on
        money.organization_id = locations.organization_id
        and money.location_id = locations.location_id
where money.currency <> locations.currency
