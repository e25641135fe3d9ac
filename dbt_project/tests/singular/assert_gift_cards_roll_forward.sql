-- Month by month: what cards held before it and what moved in it is what they hold
-- after it, where what they hold is the last balance of each card. Opening, and each
-- movement, from the rows alone.
{{ config(meta={'dimension': 'consistency', 'dagster': {'ref': {'name': 'gift_card_ledger'}}}) }}

with moved as (
    select
        organization_id,
        currency,
        amount_minor,
        cast({{ dbt.date_trunc('month', 'occurred_at') }} as date) as month_start_date,
        case
            when movement in (
                'sold', 'redeemed', 'refunded', 'expired', 'imported', 'transferred', 'adjusted'
            ) then amount_minor
            else 0
        end as known_minor,
        -- Added up over a card, these come to its last balance.
        closing_balance_minor - coalesce(
            lag(closing_balance_minor) over (
                partition by organization_id, currency, gift_card_id
                order by occurred_at, gift_card_event_id
            ),
            0
        ) as balance_minor
    from {{ ref('gift_card_ledger') }}
),

months as (
    select
        organization_id,
        currency,
        month_start_date,
        sum(amount_minor) as amount_minor,
        sum(known_minor) as known_minor,
        sum(balance_minor) as balance_minor
    from moved
    group by organization_id, currency, month_start_date
),

rolled as (
    select
        organization_id,
        currency,
        month_start_date,
        known_minor as moved_minor,
        sum(amount_minor) over (
            partition by organization_id, currency order by month_start_date
        ) - amount_minor as opening_minor,
        sum(balance_minor) over (
            partition by organization_id, currency order by month_start_date
        ) as closing_minor
    from months
)

select
    organization_id,
    currency,
    month_start_date,
    opening_minor,
    moved_minor,
    closing_minor
from rolled
where opening_minor + moved_minor <> closing_minor
