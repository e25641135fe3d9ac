with campaign_sends as (
    select *
    from {{ scoped(
        ref('stg_native__campaign_sends'), 'campaign_sends', 'campaign_send_id'
    ) }}
        as campaign_sends
),

final as (
    select
        campaign_sends.organization_id,
        campaign_sends.campaign_send_id,
        campaign_sends.campaign_id,
        {{ canonical_customer_id('campaign_sends.customer_id') }} as customer_id,
        campaign_sends.is_holdout,
        campaign_sends.sent_at,
        campaign_sends.delivered_at,
        campaign_sends.opened_at,
        campaign_sends.clicked_at,
        campaign_sends.bounced_at,
        campaign_sends.unsubscribed_at,
        campaign_sends.source_system,
        campaign_sends.load_id
    from campaign_sends
    {{ join_customer_ids('campaign_sends') }}
    where
        {{ is_live('campaign_sends') }}
        and {{ has_happened('campaign_sends.sent_at') }}
        and {{ is_not_test_customer() }}
)

select * from final
