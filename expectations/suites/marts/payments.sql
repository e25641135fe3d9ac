-- One row per organization: how much of its last 90 days' money belongs to no ticket.
with latest as (
    select organization_id, max(business_date) as last_date
    from {published}
    group by organization_id
)

select
    payments.organization_id,
    1.0 * sum(payments.unallocated_minor)
    / nullif(sum(payments.amount_minor), 0) as unallocated_of_paid
from {published} as payments
inner join latest
    on payments.organization_id = latest.organization_id
where payments.business_date > latest.last_date - 90 and payments.is_completed
group by payments.organization_id
having count(*) >= 20
