-- One row per client, second profiles folded into the first: what S0's mv_customer_profiles is for.
-- Corrected: money from tickets less refunds and not from booked prices; visits that took place and
-- not those to come; points by their signed effect; unknown is null; ages with a last group; months
-- with their year; a life-cycle from the last visit.
create materialized view baseline.customer_profiles as
with recursive merged (organization_id, customer_id, to_customer_id, depth) as (
    select m.organization_id, m.from_customer_id, m.to_customer_id, 1
    from raw_native.customer_merges as m
    where not m._is_deleted
    union all
    select d.organization_id, d.customer_id, m.to_customer_id, d.depth + 1
    from merged as d
    inner join raw_native.customer_merges as m
        on d.organization_id = m.organization_id and d.to_customer_id = m.from_customer_id
    where not m._is_deleted and d.depth < 20
),

people as (
    select distinct on (d.organization_id, d.customer_id)
        d.organization_id, d.customer_id, d.to_customer_id
    from merged as d
    order by d.organization_id, d.customer_id, d.depth desc
),

visits as (
    select
        a.organization_id,
        coalesce(p.to_customer_id, a.customer_id) as customer_id,
        count(*) as visits,
        min(t.visit_date) as first_visit_date,
        max(t.visit_date) as last_visit_date,
        array_agg(distinct to_char(t.visit_date, 'YYYY-MM')) as visit_months
    from raw_native.appointments as a
    inner join raw_native.locations as l
        on a.organization_id = l.organization_id and a.location_id = l.location_id
    left join people as p
        on a.organization_id = p.organization_id and a.customer_id = p.customer_id
    cross join lateral (
        select coalesce(
            (a.start_at at time zone l.timezone - coalesce(l.business_day_cutoff, '00:00')::interval)::date,
            a.start_date
        ) as visit_date
    ) as t
    where
        not a._is_deleted and a.customer_id is not null
        and (
            a.status = 'attended'
            or (a.status = 'confirmed' and coalesce(a.end_at, a.start_at) <= baseline.as_of())
        )
        and coalesce(a.start_at, a.start_date::timestamptz) <= baseline.as_of()
    group by a.organization_id, coalesce(p.to_customer_id, a.customer_id)
),

lines as (
    select
        l.organization_id,
        l.sale_id,
        sum(l.gross_amount) as gross,
        sum(coalesce(l.discount_amount, 0)) as discount,
        sum(l.gross_amount) filter (where l.discount_amount > 0) as discounted_gross,
        count(l.discount_code) as coupons
    from raw_native.sale_lines as l
    where
        not l._is_deleted
        and l.line_type in ('service', 'product')
    group by l.organization_id, l.sale_id
),

tickets as (
    select
        s.organization_id,
        coalesce(p.to_customer_id, s.customer_id) as customer_id,
        sum(l.gross - l.discount) as net,
        sum(l.discount) as discount,
        sum(l.discounted_gross) as discounted_gross,
        sum(l.coupons) as coupons
    from raw_native.sales as s
    inner join lines as l
        on s.organization_id = l.organization_id and s.sale_id = l.sale_id
    left join people as p
        on s.organization_id = p.organization_id and s.customer_id = p.customer_id
    where
        not s._is_deleted and s.customer_id is not null
        and coalesce(s.status, 'closed') = 'closed'
        and coalesce(s.closed_at, s.created_at, s.sale_date::timestamptz) <= baseline.as_of()
    group by s.organization_id, coalesce(p.to_customer_id, s.customer_id)
),

refunds as (
    select
        r.organization_id,
        coalesce(p.to_customer_id, r.customer_id) as customer_id,
        sum(r.amount - coalesce(r.tax_amount, 0)) as refunded
    from raw_native.refunds as r
    left join people as p
        on r.organization_id = p.organization_id and r.customer_id = p.customer_id
    where
        not r._is_deleted and r.customer_id is not null
        and coalesce(r.status, 'completed') = 'completed'
        and coalesce(r.refunded_at, r.refunded_date::timestamptz) <= baseline.as_of()
    group by r.organization_id, coalesce(p.to_customer_id, r.customer_id)
),

points as (
    select
        m.organization_id,
        coalesce(p.to_customer_id, m.customer_id) as customer_id,
        sum(e.signed) as balance,
        sum(e.signed) filter (where e.event_type in ('earn', 'bonus')) as earned,
        -sum(e.signed) filter (where e.event_type in ('redeem', 'redeem_return')) as redeemed,
        -sum(e.signed) filter (where e.event_type = 'expire') as expired
    from raw_native.loyalty_accounts as m
    inner join (
        select
            v.*,
            case
                when v.event_type in ('redeem', 'expire') then -abs(v.points)
                else v.points
            end as signed
        from raw_native.loyalty_events as v
        where not v._is_deleted and v.occurred_at <= baseline.as_of()
    ) as e
        on m.organization_id = e.organization_id and m.loyalty_account_id = e.loyalty_account_id
    left join people as p
        on m.organization_id = p.organization_id and m.customer_id = p.customer_id
    where not m._is_deleted
    group by m.organization_id, coalesce(p.to_customer_id, m.customer_id)
)

select
    c.organization_id,
    c.customer_id,
    concat_ws(' ', c.first_name, c.last_name) as name,
    c.email,
    c.phone,
    c.created_at,
    b.age,
    case
        when b.age < 18 then 'under 18' when b.age <= 25 then '18-25'
        when b.age <= 35 then '26-35' when b.age <= 45 then '36-45'
        when b.age <= 55 then '46-55' when b.age > 55 then '56+'
    end as age_group,
    c.gender,
    substr(c.birthday, 6, 2)::integer as birth_month,
    o.balance as loyalty_points_balance,
    o.earned as loyalty_points_earned,
    o.redeemed as loyalty_points_redeemed,
    o.expired as loyalty_points_expired,
    coalesce(v.visits, 0) as visits,
    v.first_visit_date,
    v.last_visit_date,
    v.visit_months,
    coalesce(t.net, 0) - coalesce(f.refunded, 0) as total_spent,
    (coalesce(t.net, 0) - coalesce(f.refunded, 0)) / nullif(v.visits, 0) as spent_per_visit,
    coalesce(t.coupons, 0) as coupons_used,
    coalesce(t.discount, 0) as discounts_received,
    t.discount / nullif(t.discounted_gross, 0) as discount_share,
    case
        when v.last_visit_date > baseline.as_of()::date - 30 then 'active'
        when v.last_visit_date > baseline.as_of()::date - 90 then 'recent'
        when v.last_visit_date > baseline.as_of()::date - 365 then 'dormant'
        when v.last_visit_date is not null then 'inactive'
    end as lifecycle_status
from raw_native.customers as c
cross join lateral (
    select case
        when c.birthday not like '0000%'
            then extract(year from age(baseline.as_of()::date, c.birthday::date))
    end as age
) as b
left join visits as v
    on c.organization_id = v.organization_id and c.customer_id = v.customer_id
left join tickets as t
    on c.organization_id = t.organization_id and c.customer_id = t.customer_id
left join refunds as f
    on c.organization_id = f.organization_id and c.customer_id = f.customer_id
left join points as o
    on c.organization_id = o.organization_id and c.customer_id = o.customer_id
where
    not c._is_deleted
    and coalesce(c.customer_type, 'client') in ('client', 'staff')
    and not exists (
        select from people as p
        where p.organization_id = c.organization_id and p.customer_id = c.customer_id
    )
with no data;

create unique index on baseline.customer_profiles (organization_id, customer_id);
