-- Closed tickets, payments and refunds are as many in the marts as in the input, and
-- each ticket line of a closed ticket is there.
{{ config(meta={'dimension': 'completeness', 'dagster': {'ref': {'name': 'sales'}}}) }}

with counted as (
    select organization_id, 'sales' as mart, 1 as difference
    from {{ ref('input__sales') }}
    where status = 'closed'
    union all
    select organization_id, 'sales' as mart, -1 as difference
    from {{ ref('sales') }}
    union all
    select sale_lines.organization_id, 'sale_lines' as mart, 1 as difference
    from {{ ref('input__sale_lines') }} as sale_lines
    inner join {{ ref('sales') }} as sales
        on
            sale_lines.organization_id = sales.organization_id
            and sale_lines.sale_id = sales.sale_id
    union all
    select organization_id, 'sale_lines' as mart, -1 as difference
    from {{ ref('sale_lines') }}
    union all
    select organization_id, 'payments' as mart, 1 as difference
    from {{ ref('input__payments') }}
    union all
    select organization_id, 'payments' as mart, -1 as difference
    from {{ ref('payments') }}
    union all
    select organization_id, 'refunds' as mart, 1 as difference
    from {{ ref('input__refunds') }}
    union all
    select organization_id, 'refunds' as mart, -1 as difference
    from {{ ref('refunds') }}
    union all
    select organization_id, 'gift_card_ledger' as mart, 1 as difference
    from {{ ref('input__gift_card_events') }}
    union all
    select organization_id, 'gift_card_ledger' as mart, -1 as difference
    from {{ ref('gift_card_ledger') }}
)

select
    organization_id,
    mart,
    sum(difference) as missing_rows
from counted
group by organization_id, mart
having sum(difference) <> 0
