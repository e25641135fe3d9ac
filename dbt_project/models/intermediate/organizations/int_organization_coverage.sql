with organizations as (
    select organization_id from {{ ref('input__organizations') }}
),

final as (
    select
        organizations.organization_id,
        exists(
            select 1 from {{ ref('input__appointments') }} as appointments
            where appointments.organization_id = organizations.organization_id
        ) as has_appointments,
        exists(
            select 1 from {{ ref('input__sales') }} as sales
            where sales.organization_id = organizations.organization_id
        ) as has_sales,
        exists(
            select 1 from {{ ref('input__sale_lines') }} as sale_lines
            where
                sale_lines.organization_id = organizations.organization_id
                and sale_lines.discount_exact is not null
        ) as has_discounts,
        exists(
            select 1 from {{ ref('input__payments') }} as payments
            where payments.organization_id = organizations.organization_id
        ) as has_payments,
        exists(
            select 1 from {{ ref('input__refunds') }} as refunds
            where refunds.organization_id = organizations.organization_id
        ) as has_refunds,
        exists(
            select 1 from {{ ref('input__gift_card_events') }} as gift_card_events
            where gift_card_events.organization_id = organizations.organization_id
        ) as has_gift_cards,
        exists(
            select 1 from {{ ref('input__packages') }} as packages
            where packages.organization_id = organizations.organization_id
        ) as has_packages,
        exists(
            select 1 from {{ ref('input__memberships') }} as memberships
            where memberships.organization_id = organizations.organization_id
        ) as has_memberships,
        exists(
            select 1 from {{ ref('input__loyalty_accounts') }} as loyalty_accounts
            where loyalty_accounts.organization_id = organizations.organization_id
        ) as has_loyalty,
        exists(
            select 1 from {{ ref('input__staff_shifts') }} as staff_shifts
            where staff_shifts.organization_id = organizations.organization_id
        ) as has_shifts,
        exists(
            select 1 from {{ ref('input__campaign_sends') }} as campaign_sends
            where campaign_sends.organization_id = organizations.organization_id
        ) as has_campaigns
    from organizations
)

select * from final
