with loyalty_events as (
    select *
    from {{ scoped(
        ref('stg_native__loyalty_events'), 'loyalty_events', 'loyalty_event_id'
    ) }}
        as loyalty_events
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
    left join {{ scoped(
        ref('stg_native__loyalty_accounts'), 'loyalty_accounts', 'loyalty_account_id'
    ) }} as loyalty_accounts
        on
            loyalty_events.organization_id = loyalty_accounts.organization_id
            and loyalty_events.loyalty_account_id = loyalty_accounts.loyalty_account_id
    {{ join_customer_ids('loyalty_accounts') }}
    where
        {{ is_live('loyalty_events') }}
        and {{ is_not_test_customer() }}
        and {{ has_happened('loyalty_events.occurred_at') }}
)

select * from final
