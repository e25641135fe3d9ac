with gift_card_events as (
    select *
    from {{ scoped(
        ref('stg_native__gift_card_events'), 'gift_card_events', 'gift_card_event_id'
    ) }}
        as gift_card_events
    where {{ is_live('gift_card_events') }} and {{ has_happened('occurred_at') }}
),

located as (
    select
        gift_card_events.*,
        coalesce(
            gift_card_events.currency,
            locations.currency,
            organizations.default_currency
        )
            as known_currency
    from gift_card_events
    {{ join_locations('gift_card_events', 'left') }}
    left join {{ ref('input__organizations') }} as organizations
        on gift_card_events.organization_id = organizations.organization_id
),

final as (
    select
        located.organization_id,
        located.gift_card_event_id,
        located.gift_card_id,
        located.location_id,
        {{ canonical_customer_id('located.customer_id') }} as customer_id,
        located.sale_id,
        located.event_type,
        located.occurred_at,
        located.known_currency as currency,
        {{ to_minor('located.amount', 'coalesce(currencies.exponent, 2)') }}
            as amount_minor,
        located.source_system,
        located.load_id
    from located
    left join {{ ref('currencies') }} as currencies
        on located.known_currency = currencies.currency
    {{ join_customer_ids('located') }}
    where {{ is_not_test_customer() }}
)

select * from final
