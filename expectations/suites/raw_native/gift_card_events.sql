-- One row per organization: what happened to its gift cards.
with events as (
    select
        events.*,
        sales.sale_id is not null as has_ticket,
        min(events.occurred_at) filter (
            where events.event_type in ('activate', 'import', 'load')
        ) over (
            partition by events.organization_id, events.gift_card_id
        ) as issued_at
    from raw_native.gift_card_events as events
    left join raw_native.sales
        on events.organization_id = sales.organization_id and events.sale_id = sales.sale_id
    where not events._is_deleted
)

select
    organization_id,
    max(_source_system) as source_system,
    count(*) as events,
    count(*) filter (
        where
            (event_type in ('activate', 'load', 'import', 'refund') and amount < 0)
            or (event_type in ('redeem', 'expire') and amount > 0)
    ) as wrong_sign,
    count(*) filter (where event_type = 'redeem') as redemptions,
    count(*) filter (
        where event_type = 'redeem' and (issued_at is null or occurred_at < issued_at)
    ) as redeemed_before_issue,
    count(*) filter (where sale_id is not null) as events_of_tickets,
    count(*) filter (where sale_id is not null and not has_ticket) as of_unknown_ticket
from events
group by organization_id
