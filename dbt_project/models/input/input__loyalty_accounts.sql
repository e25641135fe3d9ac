with loyalty_accounts as (
    select *
    from {{ scoped(
        ref('stg_native__loyalty_accounts'), 'loyalty_accounts', 'loyalty_account_id'
    ) }}
        as loyalty_accounts
),

final as (
    select
        loyalty_accounts.organization_id,
        loyalty_accounts.loyalty_account_id,
        {{ canonical_customer_id('loyalty_accounts.customer_id') }} as customer_id,
        loyalty_accounts.tier,
        loyalty_accounts.balance,
        loyalty_accounts.enrolled_at,
        loyalty_accounts.closed_at,
        loyalty_accounts.source_system,
        loyalty_accounts.load_id
    from loyalty_accounts
    {{ join_customer_ids('loyalty_accounts') }}
    where
        {{ is_live('loyalty_accounts') }}
        and {{ has_happened('loyalty_accounts.enrolled_at') }}
        and {{ is_not_test_customer() }}
)

select * from final
