-- name: seed_appointments
insert into scope.appointments (organization_id, appointment_id, is_changed)
select organization_id, key, true
from scope.row_versions
where entity in ('appointments', 'appointment_services')
union
select organization_id, row ->> 'appointment_id', true
from scope.row_versions
where entity = 'sales' and row ->> 'appointment_id' is not null
on conflict do nothing

-- name: seed_sales
with redemptions as (
    select organization_id, row ->> 'package_redemption_id' as package_redemption_id
    from scope.row_versions
    where entity in ('sale_lines', 'package_redemptions')
    union
    select redemptions.organization_id, redemptions.package_redemption_id
    from scope.row_versions as versions
    inner join raw_native.package_redemptions as redemptions
        on
            versions.organization_id = redemptions.organization_id
            and versions.row ->> 'package_id' = redemptions.package_id
    where versions.entity in ('packages', 'package_redemptions')
)
insert into scope.sales (organization_id, sale_id, is_changed)
select organization_id, row ->> 'sale_id', true
from scope.row_versions
where
    entity in ('sales', 'sale_lines', 'sale_line_taxes', 'payments', 'refunds')
    and row ->> 'sale_id' is not null
union
select lines.organization_id, lines.sale_id, true
from redemptions
inner join marts.sale_lines as lines
    on
        redemptions.organization_id = lines.organization_id
        and redemptions.package_redemption_id = lines.package_redemption_id
union
select lines.organization_id, lines.sale_id, true
from scope.row_versions as versions
inner join marts.sale_lines as lines
    on
        versions.organization_id = lines.organization_id
        and versions.key = lines.item_id
        and lines.line_type = rtrim(versions.entity, 's')
where versions.entity in ('packages', 'memberships')
on conflict do nothing

-- name: seed_sales_of_new_days
-- A service that was paid for ahead makes a visit when its day comes.
insert into scope.sales (organization_id, sale_id, is_changed)
select distinct lines.organization_id, lines.sale_id, true
from scope.new_days as days
inner join marts.sale_lines as lines
    on
        days.organization_id = lines.organization_id
        and lines.service_date > days.last_date
        and lines.service_date <= days.this_date
where lines.line_type = 'service'
on conflict do nothing

-- name: seed_payments
insert into scope.payments (organization_id, payment_id, is_changed)
select organization_id, row ->> 'payment_id', true
from scope.row_versions
where entity in ('payments', 'refunds') and row ->> 'payment_id' is not null
on conflict do nothing

-- name: seed_refunds
insert into scope.refunds (organization_id, refund_id, is_changed)
select organization_id, key, true
from scope.row_versions
where entity = 'refunds'
on conflict do nothing

-- name: link_sales
-- A ticket is settled by its payments and refunds, and belongs to its booking: all or none of them.
-- This link and those below follow only what the round before found, or found to be changed.
insert into scope.sales (organization_id, sale_id, is_changed, may_differ, found_in)
select organization_id, sale_id, bool_or(is_changed), bool_or(may_differ), %(round)s
from (
    select sales.organization_id, sales.sale_id, keys.is_changed, keys.may_differ
    from scope.appointments as keys
    inner join marts.sales as sales
        on
            keys.organization_id = sales.organization_id
            and keys.appointment_id = sales.appointment_id
    where keys.found_in >= %(round)s - 1
    union all
    select payments.organization_id, payments.sale_id, keys.is_changed, keys.may_differ
    from scope.payments as keys
    inner join raw_native.payments as payments
        on
            keys.organization_id = payments.organization_id
            and keys.payment_id = payments.payment_id
    where payments.sale_id is not null and keys.found_in >= %(round)s - 1
    union all
    select refunds.organization_id, refunds.sale_id, keys.is_changed, keys.may_differ
    from scope.refunds as keys
    inner join raw_native.refunds as refunds
        on keys.organization_id = refunds.organization_id and keys.refund_id = refunds.refund_id
    where refunds.sale_id is not null and keys.found_in >= %(round)s - 1
) as linked
group by organization_id, sale_id
on conflict (organization_id, sale_id) do update
set
    is_changed = sales.is_changed or excluded.is_changed,
    may_differ = sales.may_differ or excluded.may_differ,
    found_in = excluded.found_in
where
    (excluded.is_changed and not sales.is_changed)
    or (excluded.may_differ and not sales.may_differ)

-- name: link_lines
insert into scope.sales (organization_id, sale_id, is_changed, may_differ, found_in)
select
    others.organization_id,
    others.sale_id,
    bool_or(keys.is_changed),
    bool_or(keys.may_differ),
    %(round)s
from scope.sales as keys
inner join raw_native.sale_lines as lines
    on keys.organization_id = lines.organization_id and keys.sale_id = lines.sale_id
inner join marts.sale_lines as others
    on
        lines.organization_id = others.organization_id
        and lines.package_redemption_id = others.package_redemption_id
where lines.package_redemption_id is not null and keys.found_in >= %(round)s - 1
group by others.organization_id, others.sale_id
on conflict (organization_id, sale_id) do update
set
    is_changed = sales.is_changed or excluded.is_changed,
    may_differ = sales.may_differ or excluded.may_differ,
    found_in = excluded.found_in
where
    (excluded.is_changed and not sales.is_changed)
    or (excluded.may_differ and not sales.may_differ)

-- name: link_payments
insert into scope.payments (organization_id, payment_id, is_changed, may_differ, found_in)
select organization_id, payment_id, bool_or(is_changed), bool_or(may_differ), %(round)s
from (
    select payments.organization_id, payments.payment_id, keys.is_changed, keys.may_differ
    from scope.sales as keys
    inner join marts.payments as payments
        on keys.organization_id = payments.organization_id and keys.sale_id = payments.sale_id
    where keys.found_in >= %(round)s - 1
    union all
    select refunds.organization_id, refunds.payment_id, keys.is_changed, keys.may_differ
    from scope.refunds as keys
    inner join raw_native.refunds as refunds
        on keys.organization_id = refunds.organization_id and keys.refund_id = refunds.refund_id
    where refunds.payment_id is not null and keys.found_in >= %(round)s - 1
) as linked
group by organization_id, payment_id
on conflict (organization_id, payment_id) do update
set
    is_changed = payments.is_changed or excluded.is_changed,
    may_differ = payments.may_differ or excluded.may_differ,
    found_in = excluded.found_in
where
    (excluded.is_changed and not payments.is_changed)
    or (excluded.may_differ and not payments.may_differ)

-- name: link_refunds
insert into scope.refunds (organization_id, refund_id, is_changed, may_differ, found_in)
select organization_id, refund_id, bool_or(is_changed), bool_or(may_differ), %(round)s
from (
    select refunds.organization_id, refunds.refund_id, keys.is_changed, keys.may_differ
    from scope.sales as keys
    inner join marts.refunds as refunds
        on keys.organization_id = refunds.organization_id and keys.sale_id = refunds.sale_id
    where keys.found_in >= %(round)s - 1
    union all
    select refunds.organization_id, refunds.refund_id, keys.is_changed, keys.may_differ
    from scope.payments as keys
    inner join marts.refunds as refunds
        on
            keys.organization_id = refunds.organization_id
            and keys.payment_id = refunds.payment_id
    where keys.found_in >= %(round)s - 1
) as linked
group by organization_id, refund_id
on conflict (organization_id, refund_id) do update
set
    is_changed = refunds.is_changed or excluded.is_changed,
    may_differ = refunds.may_differ or excluded.may_differ,
    found_in = excluded.found_in
where
    (excluded.is_changed and not refunds.is_changed)
    or (excluded.may_differ and not refunds.may_differ)

-- name: link_appointments
insert into scope.appointments (
    organization_id, appointment_id, is_changed, may_differ, found_in
)
select
    sales.organization_id,
    sales.appointment_id,
    bool_or(keys.is_changed),
    bool_or(keys.may_differ),
    %(round)s
from scope.sales as keys
inner join raw_native.sales as sales
    on keys.organization_id = sales.organization_id and keys.sale_id = sales.sale_id
where sales.appointment_id is not null and keys.found_in >= %(round)s - 1
group by sales.organization_id, sales.appointment_id
on conflict (organization_id, appointment_id) do update
set
    is_changed = appointments.is_changed or excluded.is_changed,
    may_differ = appointments.may_differ or excluded.may_differ,
    found_in = excluded.found_in
where
    (excluded.is_changed and not appointments.is_changed)
    or (excluded.may_differ and not appointments.may_differ)
