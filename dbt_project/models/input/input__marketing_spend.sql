with marketing_spend as (
    select *
    from {{ of_touched_organizations(ref('stg_native__marketing_spend')) }}
        as marketing_spend
),

final as (
    select
        marketing_spend.organization_id,
        marketing_spend.marketing_spend_id,
        marketing_spend.location_id,
        marketing_spend.campaign_id,
        marketing_spend.channel,
        {{ to_minor('marketing_spend.amount', 'currencies.exponent') }} as amount_minor,
        marketing_spend.currency,
        marketing_spend.spend_date,
        marketing_spend.source_system,
        marketing_spend.load_id
    from marketing_spend
    left join {{ ref('currencies') }} as currencies
        on marketing_spend.currency = currencies.currency
    where {{ is_live('marketing_spend') }}
)

select * from final
