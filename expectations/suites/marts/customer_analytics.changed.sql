-- One row per organization that was recomputed whole: its clients as built, against those that
-- readers see now. Of the others the built mart holds changed rows only.
with built_stages as (
    select organization_id, lifecycle_stage, count(*) as clients
    from {built}
    where {is_recomputed_whole}
    group by organization_id, lifecycle_stage
),

published_stages as (
    select organization_id, lifecycle_stage, count(*) as clients
    from {published}
    where {is_recomputed_whole}
    group by organization_id, lifecycle_stage
),

built as (
    select organization_id, sum(clients) as clients
    from built_stages
    group by organization_id
),

published as (
    select organization_id, sum(clients) as clients
    from published_stages
    group by organization_id
),

-- Half the sum of differences is the share of clients in another stage than before.
shifts as (
    select
        organization_id,
        0.5 * sum(
            abs(
                coalesce(built_stages.clients / built.clients, 0)
                - coalesce(published_stages.clients / published.clients, 0)
            )
        ) as stage_shift
    from built_stages
    full outer join published_stages using (organization_id, lifecycle_stage)
    left join built using (organization_id)
    left join published using (organization_id)
    group by organization_id
)

select
    organization_id,
    published.clients as published_rows,
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
