-- One row per organization: its completed refunds, and how much of what it took they gave back.
with completed as (
    select
        refunds.*,
        coalesce(refunds.refunded_at, cast(refunds.refunded_date as timestamptz)) as given_at,
        payments.payment_id is not null as has_payment
    from raw_native.refunds
    left join raw_native.payments
        on
            refunds.organization_id = payments.organization_id
            and refunds.payment_id = payments.payment_id
    where not refunds._is_deleted and (refunds.status is null or refunds.status = 'completed')
),

taken as (
    select organization_id, sum(amount) as amount
    from raw_native.payments
    where not _is_deleted and (status is null or status = 'completed')
    group by organization_id
)

select
    completed.organization_id,
    max(completed._source_system) as source_system,
    count(*) as refunds,
    count(*) filter (
        where completed.payment_id is null and completed.sale_id is null
    ) as unlinked,
    count(*) filter (where completed.payment_id is not null) as refunds_of_payments,
    count(*) filter (
        where completed.payment_id is not null and not completed.has_payment
    ) as of_unknown_payment,
    count(*) filter (
        where
            completed.given_at < '1990-01-01'
            or completed.given_at > %(as_of)s + interval '5 years'
    ) as implausible_dates,
    case
        when count(*) >= 20 then sum(completed.amount) / nullif(max(taken.amount), 0)
    end as refunded_of_taken
from completed
left join taken
    on completed.organization_id = taken.organization_id
group by completed.organization_id
