-- One row per organization: its payments as built, against those that readers see now, and how much
-- of the last 90 days' money belongs to no ticket.
with built as (
    select organization_id, count(*) as payments, max(business_date) as last_date
    from {built}
    group by organization_id
),

published as (
    select organization_id, count(*) as payments
    from {published}
    group by organization_id
),

recently as (
    select
        payments.organization_id,
        1.0 * sum(payments.unallocated_minor)
        / nullif(sum(payments.amount_minor), 0) as unallocated_of_paid
    from {built} as payments
    inner join built
        on payments.organization_id = built.organization_id
    where payments.business_date > built.last_date - 90 and payments.is_completed
    group by payments.organization_id
    having count(*) >= 20
)

select
    organization_id,
    published.payments as published_rows,
    recently.unallocated_of_paid,
    case
        when %(compares)s then greatest(published.payments - coalesce(built.payments, 0), 0)
    end as lost_rows
from built
full outer join published using (organization_id)
left join recently using (organization_id)
