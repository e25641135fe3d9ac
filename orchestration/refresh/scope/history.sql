-- name: appointments
-- Rows that did not change themselves: all of clients whose rows have gone to another, and those
-- that days in scope are counted from. Of other clients, models read what is published. What is read
-- for its day alone stays as it is published: what the clock moves has an alarm of its own.
insert into scope.appointments (organization_id, appointment_id, may_differ)
select organization_id, appointment_id, bool_or(may_differ)
from (
    select rows.organization_id, rows.appointment_id, true as may_differ
    from scope.customers as keys
    inner join marts.appointments as rows
        on keys.organization_id = rows.organization_id and keys.customer_id = rows.customer_id
    where keys.has_new_ids
    union all
    select rows.organization_id, rows.appointment_id, false
    from scope.days as keys
    inner join marts.appointments as rows
        on
            keys.organization_id = rows.organization_id
            and keys.location_id = rows.location_id
            and keys.business_date = rows.start_date
) as rows
group by organization_id, appointment_id
on conflict do nothing

-- name: sales
insert into scope.sales (organization_id, sale_id, may_differ)
select organization_id, sale_id, bool_or(may_differ)
from (
    select rows.organization_id, rows.sale_id, true as may_differ
    from scope.customers as keys
    inner join marts.sales as rows
        on keys.organization_id = rows.organization_id and keys.customer_id = rows.customer_id
    where keys.has_new_ids
    union all
    select rows.organization_id, rows.sale_id, true
    from scope.customers as keys
    inner join marts.sale_lines as rows
        on keys.organization_id = rows.organization_id and keys.customer_id = rows.customer_id
    where keys.has_new_ids
    union all
    select rows.organization_id, rows.sale_id, false
    from scope.days as keys
    inner join marts.sales as rows
        on
            keys.organization_id = rows.organization_id
            and keys.location_id = rows.location_id
            and keys.business_date = rows.business_date
    union all
    select rows.organization_id, rows.sale_id, false
    from scope.days as keys
    inner join marts.sale_lines as rows
        on
            keys.organization_id = rows.organization_id
            and keys.location_id = rows.location_id
            and keys.business_date = rows.service_date
    union all
    -- Tickets that are no sales name clients all the same.
    select rows.organization_id, rows.sale_id, true
    from scope.profiles as keys
    inner join raw_native.sales as rows
        on
            keys.organization_id = rows.organization_id
            and keys.customer_id = rows.customer_id
            and rows.status in ('open', 'voided')
    union all
    select rows.organization_id, rows.sale_id, true
    from scope.profiles as keys
    inner join raw_native.sale_lines as rows
        on keys.organization_id = rows.organization_id and keys.customer_id = rows.customer_id
    left join raw_native.sales as sales
        on rows.organization_id = sales.organization_id and rows.sale_id = sales.sale_id
    where sales.sale_id is null or sales.status in ('open', 'voided')
    union all
    select rows.organization_id, rows.sale_id, true
    from ops.alarms as alarms
    inner join raw_native.sales as rows
        on
            alarms.organization_id = rows.organization_id
            and alarms.key = rows.sale_id
    inner join scope.profiles as keys
        on
            rows.organization_id = keys.organization_id
            and rows.customer_id = keys.customer_id
    where alarms.entity = 'sales'
) as rows
group by organization_id, sale_id
on conflict do nothing

-- name: payments
insert into scope.payments (organization_id, payment_id, may_differ)
select organization_id, payment_id, bool_or(may_differ)
from (
    select rows.organization_id, rows.payment_id, true as may_differ
    from scope.customers as keys
    inner join marts.payments as rows
        on keys.organization_id = rows.organization_id and keys.customer_id = rows.customer_id
    where keys.has_new_ids
    union all
    select rows.organization_id, rows.payment_id, false
    from scope.days as keys
    inner join marts.payments as rows
        on
            keys.organization_id = rows.organization_id
            and keys.location_id = rows.location_id
            and keys.business_date = rows.business_date
) as rows
group by organization_id, payment_id
on conflict do nothing

-- name: refunds
-- A client's refunds are few, and what they gave back of which line is not published: whose spend is
-- counted anew has all read. So has whoever has no profile, whom a refund alone may name. Read for the
-- client's sake they stay as they are.
insert into scope.refunds (organization_id, refund_id, may_differ)
select organization_id, refund_id, bool_or(may_differ)
from (
    select rows.organization_id, rows.refund_id, keys.has_new_ids as may_differ
    from scope.customers as keys
    inner join marts.refunds as rows
        on keys.organization_id = rows.organization_id and keys.customer_id = rows.customer_id
    left join raw_native.customers as profiles
        on
            keys.organization_id = profiles.organization_id
            and keys.customer_id = profiles.customer_id
            and not profiles._is_deleted
            and profiles.deleted_at is null
    where keys.is_changed or keys.has_leaving_spend or profiles.customer_id is null
    union all
    select rows.organization_id, rows.refund_id, false
    from scope.days as keys
    inner join marts.refunds as rows
        on
            keys.organization_id = rows.organization_id
            and keys.location_id = rows.location_id
            and keys.business_date = rows.business_date
) as rows
group by organization_id, refund_id
on conflict do nothing
