-- One row per organization: what a ticket comes to in the last four weeks, against the four-week
-- spans before.
with latest as (
    select organization_id, max(business_date) as last_date
    from {published}
    group by organization_id
),

spans as (
    select
        tickets.organization_id,
        tickets.currency,
        (latest.last_date - tickets.business_date) / 28 as spans_ago,
        avg(tickets.total_minor) as avg_ticket_minor,
        count(*) as tickets
    from {published} as tickets
    inner join latest
        on tickets.organization_id = latest.organization_id
    where tickets.business_date > latest.last_date - 28 * 27 and tickets.total_minor > 0
    group by 1, 2, 3
    having count(*) >= 20
),

changes as (
    select
        organization_id,
        currency,
        max(avg_ticket_minor) filter (where spans_ago = 0)
        / nullif(
            percentile_cont(0.5) within group (order by avg_ticket_minor)
            filter (where spans_ago > 0), 0
        ) as ticket_change
    from spans
    group by organization_id, currency
    having count(*) filter (where spans_ago > 0) >= 8
)

select
    latest.organization_id,
    -- Of several currencies the one that moved most.
    (
        select changes.ticket_change from changes
        where changes.organization_id = latest.organization_id
        order by abs(ln(nullif(changes.ticket_change, 0))) desc nulls last
        limit 1
    ) as ticket_change
from latest
