-- One row per organization: its clients as built, against those that readers see now.
with built as (
    select
        organization_id,
        count(*) as clients,
        count(*) filter (where lifecycle_stage = 'NEVER_BOOKED') as never_booked,
        count(net_lifetime_minor) as clients_with_money,
        count(*) filter (where net_lifetime_minor < 0) as negative_lifetime
    from {built}
    group by organization_id
),

published as (
    select organization_id, count(*) as clients
    from {published}
    group by organization_id
),

built_stages as (
    select
        organization_id,
        lifecycle_stage,
        1.0 * count(*) / sum(count(*)) over (partition by organization_id) as share
    from {built}
    group by organization_id, lifecycle_stage
),

published_stages as (
    select
        organization_id,
        lifecycle_stage,
        1.0 * count(*) / sum(count(*)) over (partition by organization_id) as share
    from {published}
    group by organization_id, lifecycle_stage
),

-- Half the sum of differences is the share of clients in another stage than before.
shifts as (
    select
        organization_id,
        0.5 * sum(
            abs(coalesce(built_stages.share, 0) - coalesce(published_stages.share, 0))
        ) as stage_shift
    from built_stages
    full outer join published_stages using (organization_id, lifecycle_stage)
    group by organization_id
),

booking as (
    select distinct organization_id from {built_schema}.appointments
)

select
    organization_id,
    built.clients,
    built.clients_with_money,
    built.negative_lifetime,
    published.clients as published_rows,
    case when booking.organization_id is not null then built.never_booked end as never_booked,
    case
        when %(compares)s then greatest(published.clients - coalesce(built.clients, 0), 0)
    end as lost_rows,
    case
        when %(compares)s and built.clients >= 50 and published.clients >= 50
            then shifts.stage_shift
    end as stage_shift
from built
full outer join published using (organization_id)
left join shifts using (organization_id)
left join booking using (organization_id)
