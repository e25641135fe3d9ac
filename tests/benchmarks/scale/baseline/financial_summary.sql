-- One row per location and business day: what S0's mv_financial_summary is for. Corrected: sales on
-- the day they were closed, refunds on the day they were given; gross before discount; liabilities
-- apart; every tender, so that they add up; tips; the location's clock and currency.
create materialized view baseline.financial_summary as
with places as (
    select
        l.organization_id,
        l.location_id,
        l.currency,
        l.timezone,
        coalesce(l.business_day_cutoff, '00:00')::interval as cutoff
    from raw_native.locations as l
),

line_taxes as (
    select t.organization_id, t.sale_id, t.sale_line_id, sum(t.tax_amount) as tax_amount
    from raw_native.sale_line_taxes as t
    where not t._is_deleted
    group by t.organization_id, t.sale_id, t.sale_line_id
),

tickets as (
    select
        s.organization_id,
        s.location_id,
        s.sale_id,
        coalesce(
            (coalesce(s.closed_at, s.created_at) at time zone p.timezone - p.cutoff)::date, s.sale_date
        ) as business_date
    from raw_native.sales as s
    inner join places as p
        on s.organization_id = p.organization_id and s.location_id = p.location_id
    where
        not s._is_deleted and coalesce(s.status, 'closed') = 'closed'
        and coalesce(s.closed_at, s.created_at, s.sale_date::timestamptz) <= baseline.as_of()
),

sold as (
    select
        t.organization_id,
        t.location_id,
        t.business_date,
        count(distinct t.sale_id) as sale_count,
        sum(l.gross_amount) filter (where l.is_revenue) as gross,
        sum(coalesce(l.discount_amount, 0)) filter (where l.is_revenue) as discounts,
        sum(l.discount_amount) filter (where l.discount_type = 'coupon') as coupon_discounts,
        sum(l.discount_amount) filter (where l.discount_type = 'membership') as membership_discounts,
        sum(l.tax) as tax,
        sum(l.gross_amount - coalesce(l.discount_amount, 0)) filter (where l.is_liability)
            as liabilities_sold
    from tickets as t
    inner join (
        select
            r.*,
            r.line_type in ('service', 'product') as is_revenue,
            r.line_type in ('gift_card', 'package', 'membership') as is_liability,
            coalesce(r.tax_amount, x.tax_amount, 0) as tax
        from raw_native.sale_lines as r
        left join line_taxes as x
            on (r.organization_id, r.sale_id, r.sale_line_id)
            = (x.organization_id, x.sale_id, x.sale_line_id)
        where not r._is_deleted
    ) as l
        on t.organization_id = l.organization_id and t.sale_id = l.sale_id
    group by t.organization_id, t.location_id, t.business_date
),

collected as (
    select
        y.organization_id,
        y.location_id,
        d.business_date,
        sum(y.amount) as collected,
        sum(y.amount) filter (where y.tender_type = 'cash') as cash,
        sum(y.amount) filter (where y.tender_type = 'card') as card,
        sum(y.amount) filter (where y.tender_type = 'online') as online,
        sum(y.amount) filter (where y.tender_type = 'wallet') as wallet,
        sum(y.amount) filter (where y.tender_type = 'gift_card') as gift_card,
        sum(y.amount) filter (
            where y.tender_type not in ('cash', 'card', 'online', 'wallet', 'gift_card')
        ) as other,
        sum(y.tip_amount) as tips
    from raw_native.payments as y
    inner join places as p
        on y.organization_id = p.organization_id and y.location_id = p.location_id
    cross join lateral (
        select coalesce((y.paid_at at time zone p.timezone - p.cutoff)::date, y.paid_date)
            as business_date
    ) as d
    where
        not y._is_deleted and coalesce(y.status, 'completed') = 'completed'
        and coalesce(y.paid_at, y.paid_date::timestamptz) <= baseline.as_of()
    group by y.organization_id, y.location_id, d.business_date
),

returned as (
    select
        r.organization_id,
        r.location_id,
        d.business_date,
        count(*) as refund_count,
        sum(r.amount) as refunds,
        sum(coalesce(r.tax_amount, 0)) as refunded_tax
    from raw_native.refunds as r
    inner join places as p
        on r.organization_id = p.organization_id and r.location_id = p.location_id
    cross join lateral (
        select coalesce((r.refunded_at at time zone p.timezone - p.cutoff)::date, r.refunded_date)
            as business_date
    ) as d
    where
        not r._is_deleted and coalesce(r.status, 'completed') = 'completed'
        and coalesce(r.refunded_at, r.refunded_date::timestamptz) <= baseline.as_of()
    group by r.organization_id, r.location_id, d.business_date
),

points as (
    select
        t.organization_id,
        t.location_id,
        t.business_date,
        sum(e.points) filter (where e.event_type in ('earn', 'bonus')) as points_earned,
        sum(abs(e.points)) filter (where e.event_type = 'redeem') as points_redeemed
    from tickets as t
    inner join raw_native.loyalty_events as e
        on t.organization_id = e.organization_id and t.sale_id = e.sale_id
    where not e._is_deleted
    group by t.organization_id, t.location_id, t.business_date
),

days as (
    select organization_id, location_id, business_date from sold
    union
    select organization_id, location_id, business_date from collected
    union
    select organization_id, location_id, business_date from returned
)

select
    d.organization_id,
    d.location_id,
    d.business_date,
    p.currency,
    coalesce(s.gross, 0) as gross,
    coalesce(s.discounts, 0) as discounts,
    coalesce(s.coupon_discounts, 0) as coupon_discounts,
    coalesce(s.membership_discounts, 0) as membership_discounts,
    coalesce(r.refunds, 0) as refunds,
    coalesce(s.gross, 0) - coalesce(s.discounts, 0)
    - coalesce(r.refunds, 0) + coalesce(r.refunded_tax, 0) as net,
    coalesce(s.tax, 0) - coalesce(r.refunded_tax, 0) as tax,
    coalesce(s.liabilities_sold, 0) as liabilities_sold,
    coalesce(c.collected, 0) as collected,
    coalesce(c.cash, 0) as cash,
    coalesce(c.card, 0) as card,
    coalesce(c.online, 0) as online,
    coalesce(c.wallet, 0) as wallet,
    coalesce(c.gift_card, 0) as gift_card,
    coalesce(c.other, 0) as other,
    coalesce(c.tips, 0) as tips,
    coalesce(s.sale_count, 0) as sale_count,
    coalesce(r.refund_count, 0) as refund_count,
    coalesce(o.points_earned, 0) as points_earned,
    coalesce(o.points_redeemed, 0) as points_redeemed
from days as d
inner join places as p
    on d.organization_id = p.organization_id and d.location_id = p.location_id
left join sold as s
    on (d.organization_id, d.location_id, d.business_date)
    = (s.organization_id, s.location_id, s.business_date)
left join collected as c
    on (d.organization_id, d.location_id, d.business_date)
    = (c.organization_id, c.location_id, c.business_date)
left join returned as r
    on (d.organization_id, d.location_id, d.business_date)
    = (r.organization_id, r.location_id, r.business_date)
left join points as o
    on (d.organization_id, d.location_id, d.business_date)
    = (o.organization_id, o.location_id, o.business_date)
with no data;

create unique index on baseline.financial_summary (organization_id, location_id, business_date);
