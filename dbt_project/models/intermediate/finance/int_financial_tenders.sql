-- One row per location and day of the spine: money by tender, and what processors kept.
with final as (
    select
        spine.organization_id,
        spine.location_id,
        spine.business_date,
        tenders.business_date is not null as has_movement,
        {{ zero_where_known('spine.has_payments', 'tenders.cash_minor') }}
            as cash_minor,
        {{ zero_where_known('spine.has_payments', 'tenders.card_minor') }}
            as card_minor,
        {{ zero_where_known('spine.has_payments', 'tenders.wallet_minor') }}
            as wallet_minor,
        {{ zero_where_known('spine.has_payments', 'tenders.bank_transfer_minor') }}
            as bank_transfer_minor,
        {{ zero_where_known('spine.has_payments', 'tenders.online_minor') }}
            as online_minor,
        {{ zero_where_known('spine.has_payments', 'tenders.gift_card_minor') }}
            as gift_card_minor,
        {{ zero_where_known('spine.has_payments', 'tenders.loyalty_minor') }}
            as loyalty_minor,
        {{ zero_where_known('spine.has_payments', 'tenders.account_minor') }}
            as account_minor,
        {{ zero_where_known('spine.has_payments', 'tenders.other_minor') }}
            as other_minor,
        {{ zero_where_known(
            'spine.has_processing_fees', 'tenders.processing_fees_minor'
        ) }}
            as processing_fees_minor
    from {{ ref('int_financial_spine') }} as spine
    left join {{ ref('int_ladder_tenders') }} as tenders
        on
            spine.organization_id = tenders.organization_id
            and spine.location_id = tenders.location_id
            and spine.business_date = tenders.business_date
)

select * from final
