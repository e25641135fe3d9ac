-- One row per booking that took place: what S0's mv_sales_performance is for. Corrected: a key;
-- money from the tickets' lines, once; refunds negative; services that were cancelled left out;
-- whoever performs each service; hours and days of the location's clock; ISO weeks with their year.
create materialized view baseline.sales_performance as
with services as (
    select
        s.organization_id,
        s.appointment_id,
        string_agg(v.name, ', ' order by s.appointment_service_id) as services_list,
        count(*) as service_count,
        sum(s.duration_minutes) as total_minutes,
        string_agg(distinct t.name, ', ' order by t.name) as staff_names
    from raw_native.appointment_services as s
    left join raw_native.services as v
        on s.organization_id = v.organization_id and s.service_id = v.service_id
    left join raw_native.staff as t
        on s.organization_id = t.organization_id and s.staff_id = t.staff_id
    where not s._is_deleted and coalesce(s.status, 'attended') in ('attended', 'confirmed')
    group by s.organization_id, s.appointment_id
),

line_taxes as (
    select t.organization_id, t.sale_id, t.sale_line_id, sum(t.tax_amount) as tax_amount
    from raw_native.sale_line_taxes as t
    where not t._is_deleted
    group by t.organization_id, t.sale_id, t.sale_line_id
),

lines as (
    select
        l.organization_id,
        l.sale_id,
        sum(l.gross_amount) as gross,
        sum(coalesce(l.discount_amount, 0)) as discount,
        sum(coalesce(l.tax_amount, x.tax_amount, 0)) as tax,
        string_agg(distinct l.discount_code, ', ' order by l.discount_code) as coupon_codes
    from raw_native.sale_lines as l
    left join line_taxes as x
        on (l.organization_id, l.sale_id, l.sale_line_id)
        = (x.organization_id, x.sale_id, x.sale_line_id)
    where not l._is_deleted
    group by l.organization_id, l.sale_id
),

tenders as (
    select
        p.organization_id,
        p.sale_id,
        string_agg(distinct p.tender_type, ', ' order by p.tender_type) as payment_methods,
        sum(p.amount) as paid,
        sum(coalesce(p.tip_amount, 0)) as tips
    from raw_native.payments as p
    where not p._is_deleted and coalesce(p.status, 'completed') = 'completed'
    group by p.organization_id, p.sale_id
),

refunds as (
    select r.organization_id, r.sale_id, sum(r.amount) as refunded
    from raw_native.refunds as r
    where
        not r._is_deleted and coalesce(r.status, 'completed') = 'completed'
        and coalesce(r.refunded_at, r.refunded_date::timestamptz) <= baseline.as_of()
    group by r.organization_id, r.sale_id
),

points as (
    select
        e.organization_id,
        e.sale_id,
        sum(e.points) filter (where e.event_type in ('earn', 'bonus')) as earned,
        sum(abs(e.points)) filter (where e.event_type = 'redeem') as redeemed
    from raw_native.loyalty_events as e
    where not e._is_deleted and e.sale_id is not null
    group by e.organization_id, e.sale_id
),

tickets as (
    select
        s.organization_id,
        s.appointment_id,
        sum(l.gross) as gross,
        sum(l.discount) as discount,
        sum(l.tax) as tax,
        string_agg(l.coupon_codes, ', ' order by s.sale_id) as coupon_codes,
        string_agg(t.payment_methods, ', ' order by s.sale_id) as payment_methods,
        sum(t.paid) as paid,
        sum(t.tips) as tips,
        -sum(r.refunded) as refunds,
        sum(o.earned) as points_earned,
        sum(o.redeemed) as points_redeemed
    from raw_native.sales as s
    left join lines as l on s.organization_id = l.organization_id and s.sale_id = l.sale_id
    left join tenders as t on s.organization_id = t.organization_id and s.sale_id = t.sale_id
    left join refunds as r on s.organization_id = r.organization_id and s.sale_id = r.sale_id
    left join points as o on s.organization_id = o.organization_id and s.sale_id = o.sale_id
    where
        not s._is_deleted and s.appointment_id is not null
        and coalesce(s.status, 'closed') = 'closed'
    group by s.organization_id, s.appointment_id
)

select
    a.organization_id,
    a.appointment_id,
    a.location_id,
    a.customer_id,
    l.currency,
    d.business_date,
    t.gross,
    t.gross - t.discount as net,
    t.discount,
    t.coupon_codes,
    t.tax,
    t.payment_methods,
    t.paid,
    t.tips,
    t.refunds,
    t.points_earned,
    t.points_redeemed,
    v.services_list,
    v.service_count,
    v.total_minutes,
    v.staff_names,
    concat_ws(' ', c.first_name, c.last_name) as customer_name,
    c.email as customer_email,
    extract(hour from a.start_at at time zone l.timezone) as hour_of_day,
    extract(isodow from d.business_date) as day_of_week,
    to_char(d.business_date, 'IYYY-"W"IW') as iso_week,
    to_char(d.business_date, 'YYYY-MM') as month,
    to_char(d.business_date, 'YYYY-"Q"Q') as quarter,
    a.status
from raw_native.appointments as a
inner join raw_native.locations as l
    on a.organization_id = l.organization_id and a.location_id = l.location_id
cross join lateral (
    select coalesce(
        (a.start_at at time zone l.timezone - coalesce(l.business_day_cutoff, '00:00')::interval)::date,
        a.start_date
    ) as business_date
) as d
left join services as v
    on a.organization_id = v.organization_id and a.appointment_id = v.appointment_id
left join tickets as t
    on a.organization_id = t.organization_id and a.appointment_id = t.appointment_id
left join raw_native.customers as c
    on a.organization_id = c.organization_id and a.customer_id = c.customer_id
where
    not a._is_deleted
    and (
        a.status = 'attended'
        or (a.status = 'confirmed' and coalesce(a.end_at, a.start_at) <= baseline.as_of())
    )
    and coalesce(a.start_at, a.start_date::timestamptz) <= baseline.as_of()
with no data;

create unique index on baseline.sales_performance (organization_id, appointment_id);
