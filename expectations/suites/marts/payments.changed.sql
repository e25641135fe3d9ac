-- One row per organization that was recomputed whole: its payments as built, against those that readers
-- see now. Of the others the built mart holds changed rows only.
with built as (
    select organization_id, count(*) as payments
    from {built}
    where {is_recomputed_whole}
    group by organization_id
),

published as (
    select organization_id, count(*) as payments
    from {published}
    where {is_recomputed_whole}
    group by organization_id
)

select
    organization_id,
    published.payments as published_rows,
    case
        when %(compares)s then greatest(published.payments - coalesce(built.payments, 0), 0)
    end as lost_rows
from built
full outer join published using (organization_id)
