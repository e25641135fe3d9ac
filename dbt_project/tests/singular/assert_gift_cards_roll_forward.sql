-- Month by month: what cards held before it and what moved in it is what they hold
-- after it, where what they hold is the last balance of each card. Opening, and each
-- movement, from the rows alone.
{{ config(meta={'dimension': 'consistency', 'dagster': {'ref': {'name': 'gift_card_ledger'}}}) }}

with months as (
    select distinct
        organization_id,
        currency,
        cast({{ dbt.date_trunc('month', 'occurred_at') }} as date) as month_start_date
    from {{ ref('gift_card_ledger') }}
),

positions as (
    select
        months.organization_id,
        months.currency,
        months.month_start_date,
        ledger.gift_card_id,
        ledger.amount_minor,
        ledger.closing_balance_minor,
        ledger.movement,
        cast({{ dbt.date_trunc('month', 'ledger.occurred_at') }} as date)
        < months.month_start_date as is_before,
        row_number() over (
            partition by
                months.organization_id,
                months.currency,
                months.month_start_date,
                ledger.gift_card_id
            order by ledger.occurred_at desc, ledger.gift_card_event_id desc
        ) = 1 as is_last
    from months
    inner join {{ ref('gift_card_ledger') }} as ledger
        on
            months.organization_id = ledger.organization_id
            and months.currency = ledger.currency
            and cast({{ dbt.date_trunc('month', 'ledger.occurred_at') }} as date)
            <= months.month_start_date
)

select
    organization_id,
    currency,
    month_start_date,
    sum(case when is_before then amount_minor else 0 end) as opening_minor,
    sum(
        case
            when is_before then 0
            when movement in (
                'sold', 'redeemed', 'refunded', 'expired', 'imported', 'transferred', 'adjusted'
            ) then amount_minor
            else 0
        end
    ) as moved_minor,
    sum(case when is_last then closing_balance_minor else 0 end) as closing_minor
from positions
group by organization_id, currency, month_start_date
having
    sum(case when is_before then amount_minor else 0 end)
    + sum(
        case
            when is_before then 0
            when movement in (
                'sold', 'redeemed', 'refunded', 'expired', 'imported', 'transferred', 'adjusted'
            ) then amount_minor
            else 0
        end
    )
    <> sum(case when is_last then closing_balance_minor else 0 end)
