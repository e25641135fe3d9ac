-- One row per organization: its completed payments, in detail those of its last 90 days.
with completed as (
    select
        *,
        coalesce(paid_at, cast(paid_date as timestamptz)) as received_at
    from raw_native.payments
    where status is null or status = 'completed'
),

latest as (
    select organization_id, max(received_at) as latest_at
    from completed
    where not _is_deleted and received_at <= %(as_of)s
    group by organization_id
),

recent as (
    select
        completed.*,
        sales.sale_id is not null as has_ticket,
        count(*) over (
            partition by
                completed.organization_id, completed.sale_id, completed.tender_type,
                completed.amount, completed.tip_amount, completed.paid_at
        ) as times_sent
    from completed
    inner join latest
        on
            completed.organization_id = latest.organization_id
            and completed.received_at > latest.latest_at - interval '90 days'
            and completed.received_at <= latest.latest_at
    left join raw_native.sales
        on
            completed.organization_id = sales.organization_id
            and completed.sale_id = sales.sale_id
    where not completed._is_deleted
),

recently as (
    select
        organization_id,
        count(*) as payments,
        count(*) filter (where not has_ticket) as without_ticket,
        count(*) filter (where tip_amount > 0) as tipped_payments,
        count(*) filter (where tip_amount > amount and amount > 0) as implausible_tip,
        count(*) filter (where processing_fee_amount <> 0) as payments_with_fee,
        count(*) filter (
            where abs(processing_fee_amount) > 0.15 * (amount + coalesce(tip_amount, 0)) + 1
        ) as implausible_fee,
        count(*) filter (where paid_at is not null and sale_id is not null) as timed_payments,
        count(*) filter (
            where paid_at is not null and sale_id is not null and times_sent > 1
        ) as sent_twice
    from recent
    group by organization_id
),

ever as (
    select
        organization_id,
        max(_source_system) as source_system,
        count(*) filter (
            where not _is_deleted
            and (received_at < '1990-01-01' or received_at > %(as_of)s + interval '5 years')
        ) as implausible_dates,
        exists (
            select 1 from raw_native.sales
            where sales.organization_id = completed.organization_id
        ) as sends_sales
    from completed
    group by organization_id
)

select
    ever.organization_id,
    ever.source_system,
    ever.implausible_dates,
    recently.payments,
    recently.tipped_payments,
    recently.implausible_tip,
    recently.payments_with_fee,
    recently.implausible_fee,
    recently.timed_payments,
    recently.sent_twice,
    case when ever.sends_sales then recently.without_ticket end as without_ticket
from ever
left join recently
    on ever.organization_id = recently.organization_id
