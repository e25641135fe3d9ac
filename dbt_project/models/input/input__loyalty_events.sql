with loyalty_events as (
    select * from {{ ref('stg_native__loyalty_events') }}
),

-- A test profile's points count nowhere.
test_accounts as (
    select
        loyalty_accounts.organization_id,
        loyalty_accounts.loyalty_account_id
    from {{ ref('stg_native__loyalty_accounts') }} as loyalty_accounts
    {{ join_customer_ids('loyalty_accounts') }}
    where not {{ is_not_test_customer() }}
),

final as (
    select
        loyalty_events.organization_id,
        loyalty_events.loyalty_event_id,
        loyalty_events.loyalty_account_id,
        loyalty_events.event_type,
        loyalty_events.points,
        loyalty_events.sale_id,
        loyalty_events.location_id,
        loyalty_events.occurred_at,
        loyalty_events.expires_at,
        loyalty_events.source_system,
        loyalty_events.load_id
    from loyalty_events
    left join test_accounts
        on
            loyalty_events.organization_id = test_accounts.organization_id
            and loyalty_events.loyalty_account_id = test_accounts.loyalty_account_id
    where
        {{ is_live('loyalty_events') }}
        and test_accounts.loyalty_account_id is null
        and {{ has_happened('loyalty_events.occurred_at') }}
)

select * from final
