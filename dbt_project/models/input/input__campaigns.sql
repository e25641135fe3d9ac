with campaigns as (
    select *
    from {{ of_touched_organizations(ref('stg_native__campaigns')) }} as campaigns
),

final as (
    select
        campaigns.organization_id,
        campaigns.campaign_id,
        campaigns.name,
        campaigns.channel,
        campaigns.started_at,
        campaigns.ended_at,
        campaigns.source_system,
        campaigns.load_id
    from campaigns
    where {{ is_live('campaigns') }}
)

select * from final
