-- One row per organization: the events that change its clients' points.
select
    events.organization_id,
    max(events._source_system) as source_system,
    count(*) as events,
    count(*) filter (
        where
            (events.event_type in ('earn', 'bonus', 'redeem_return') and events.points < 0)
            or (events.event_type in ('redeem', 'expire') and events.points > 0)
    ) as wrong_sign,
    count(*) filter (where events.expires_at is not null) as expiring_events,
    count(*) filter (where events.expires_at < events.occurred_at) as expired_before_earned,
    count(*) filter (where accounts.loyalty_account_id is null) as of_unknown_account,
    count(*) filter (where events.sale_id is not null) as events_of_tickets,
    count(*) filter (where events.sale_id is not null and sales.sale_id is null)
        as of_unknown_ticket
from raw_native.loyalty_events as events
left join raw_native.loyalty_accounts as accounts
    on
        events.organization_id = accounts.organization_id
        and events.loyalty_account_id = accounts.loyalty_account_id
left join raw_native.sales
    on events.organization_id = sales.organization_id and events.sale_id = sales.sale_id
where not events._is_deleted
group by events.organization_id
