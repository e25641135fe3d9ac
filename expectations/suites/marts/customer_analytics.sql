-- One row per organization: its clients.
with clients as (
    select
        organization_id,
        count(*) as clients,
        count(*) filter (where lifecycle_stage = 'NEVER_BOOKED') as never_booked,
        count(net_lifetime_minor) as clients_with_money,
        count(*) filter (where net_lifetime_minor < 0) as negative_lifetime
    from {published}
    group by organization_id
),

booking as (
    select distinct organization_id from {published_schema}.appointments
)

select
    organization_id,
    clients.clients,
    clients.clients_with_money,
    clients.negative_lifetime,
    case when booking.organization_id is not null then clients.never_booked end as never_booked
from clients
left join booking using (organization_id)
