-- One row per organization that was recomputed whole: its tickets as built, against those that readers
-- see now. Of the others the built mart holds changed rows only.
with built as (
    select organization_id, count(*) as tickets
    from {built}
    where {is_recomputed_whole}
    group by organization_id
),

published as (
    select organization_id, count(*) as tickets
    from {published}
    where {is_recomputed_whole}
    group by organization_id
)

select
    organization_id,
    published.tickets as published_rows,
    case
        when %(compares)s then greatest(published.tickets - coalesce(built.tickets, 0), 0)
    end as lost_rows
from built
full outer join published using (organization_id)
