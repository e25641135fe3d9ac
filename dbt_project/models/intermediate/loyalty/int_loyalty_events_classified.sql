-- One row per loyalty event: what it did to its account and the account's balance after
-- it. Points are signed at the source, so a balance is their sum, whatever the type.
with events as (
    select * from {{ ref('input__loyalty_events') }}
),

accounts as (
    select * from {{ ref('input__loyalty_accounts') }}
),

classified as (
    select
        events.*,
        accounts.customer_id,
        accounts.balance as account_balance_stated,
        coalesce(loyalty_event_types.effect, 'adjusted') as effect
    from events
    left join accounts
        on
            events.organization_id = accounts.organization_id
            and events.loyalty_account_id = accounts.loyalty_account_id
    left join {{ ref('loyalty_event_types') }} as loyalty_event_types
        on events.event_type = loyalty_event_types.event_type
),

balances_before as (
    {{ loyalty_balances_before_built('events') }}
),

summed as (
    select
        classified.*,
        coalesce(balances_before.running_balance, 0)
        + sum(classified.points) over (
            partition by classified.organization_id, classified.loyalty_account_id
            order by classified.occurred_at, classified.loyalty_event_id
            rows between unbounded preceding and current row
        ) as running_balance,
        row_number() over (
            partition by classified.organization_id, classified.loyalty_account_id
            order by classified.occurred_at desc, classified.loyalty_event_id desc
        ) = 1 as is_latest
    from classified
    left join balances_before
        on
            classified.organization_id = balances_before.organization_id
            and classified.loyalty_account_id = balances_before.loyalty_account_id
),

final as (
    select
        organization_id,
        loyalty_event_id,
        loyalty_account_id,
        customer_id,
        location_id,
        sale_id,
        event_type,
        effect,
        points,
        case when effect = 'earned' then points else 0 end as points_earned,
        case when effect = 'redeemed' then -points else 0 end as points_redeemed,
        case when effect = 'expired' then -points else 0 end as points_expired,
        case when effect = 'adjusted' then points else 0 end as points_adjusted,
        cast(running_balance as bigint) as running_balance,
        -- What the source states now is of the latest event: those before it stay as
        -- they were.
        case when is_latest then account_balance_stated end
            as account_balance_stated,
        is_latest,
        occurred_at,
        expires_at,
        source_system,
        load_id
    from summed
)

select * from final
