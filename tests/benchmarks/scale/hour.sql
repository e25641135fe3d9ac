-- What booking systems send after one hour: 1,000 bookings that were made, settled, moved or
-- called off, with what hangs on them. Each temporary table becomes a file of the native layout.
--
-- Parameters: hour_end, and mark, which keeps keys of one hour apart from those of others.
-- Candidates are taken from all organizations in turn; on a small platform some bookings of
-- coming days are brought forward, so that 1,000 are found.

create temporary table hour_candidates on commit drop as
select
    a.organization_id,
    a.appointment_id,
    a.customer_id,
    a.status,
    a.start_at,
    a.end_at,
    md5(a.appointment_id || %(mark)s) as draw,
    s.appointment_id is not null as is_settled
from raw_native.appointments as a
-- Joined and not looked up: raw tickets have no index on their booking.
left join (
    select distinct organization_id, appointment_id from raw_native.sales
    where appointment_id is not null
) as s on a.organization_id = s.organization_id and a.appointment_id = s.appointment_id
where
    not a._is_deleted
    and a.appointment_id not like 'trap%%'
    and a.customer_id is not null
    and a.start_at between %(hour_end)s::timestamptz - interval '200 days'
    and %(hour_end)s::timestamptz + interval '60 days';
analyze hour_candidates;

-- Which booking does what; every booking at most one thing.
create temporary table hour_changes on commit drop as
with kinds (kind, wanted, ordinal) as (
    values ('settled', 300, 1), ('missed', 50, 2), ('moved', 150, 3), ('cancelled', 120, 4),
    ('booked', 350, 5), ('refunded', 30, 6)
),

fitting as (
    select
        c.*,
        case
            when c.status = 'confirmed' and not c.is_settled
                and c.start_at > %(hour_end)s::timestamptz - interval '12 hours'
                then case
                    when c.start_at < %(hour_end)s::timestamptz + interval '12 hours' or c.draw < '6'
                        then case when c.draw < '1' then 'missed' else 'settled' end
                    when c.draw < 'b' then 'moved'
                    else 'cancelled'
                end
            when c.is_settled and c.start_at < %(hour_end)s::timestamptz - interval '5 days'
                and c.draw < '2' then 'refunded'
            when c.start_at < %(hour_end)s::timestamptz - interval '1 day' and c.draw > '8'
                then 'booked'
        end as kind
    from hour_candidates as c
),

in_turn as (
    select
        f.*,
        row_number() over (
            partition by f.kind, f.organization_id
            order by
                case
                    when f.kind in ('settled', 'missed')
                        then abs(extract(epoch from f.start_at - %(hour_end)s::timestamptz))
                end,
                f.draw
        ) as turn
    from fitting as f
    where f.kind is not null
        and (f.kind <> 'refunded' or exists (
            select from raw_native.payments as p
            inner join raw_native.sales as s
                on p.organization_id = s.organization_id and p.sale_id = s.sale_id
            where s.organization_id = f.organization_id and s.appointment_id = f.appointment_id
                and p.amount > 1 and coalesce(p.status, 'completed') = 'completed'
                and p.tender_type in ('card', 'cash', 'online')
                and not exists (
                    select from raw_native.refunds as r
                    where r.organization_id = p.organization_id and r.sale_id = p.sale_id
                )
        ))
),

ranked as (
    select i.*, row_number() over (partition by i.kind order by i.turn, i.draw) as place
    from in_turn as i
)

select
    r.organization_id,
    r.appointment_id,
    r.kind,
    r.start_at,
    %(mark)s || '-' || (row_number() over (order by k.ordinal, r.place))::text as new_key,
    -- A moment of the hour, spread evenly.
    %(hour_end)s::timestamptz - interval '1 hour' + r.place * interval '7 seconds' as happened_at,
    case
        when r.kind = 'moved' then r.start_at + interval '7 days'
        -- The same weekday and time, in one to four weeks.
        when r.kind = 'booked'
            then r.start_at + (
                1 + r.place %% 4
                + floor(extract(epoch from %(hour_end)s::timestamptz - r.start_at) / 604800)
            ) * interval '7 days'
        when r.kind in ('settled', 'missed')
            then least(r.start_at, %(hour_end)s::timestamptz - interval '80 minutes')
        else r.start_at
    end as new_start_at
from ranked as r
inner join kinds as k on r.kind = k.kind and r.place <= k.wanted;
analyze hour_changes;

create temporary table hour_appointments on commit drop as
select
    a.organization_id,
    case when c.kind = 'booked' then c.new_key else a.appointment_id end as appointment_id,
    a.location_id,
    a.customer_id,
    case c.kind
        when 'settled' then 'attended'
        when 'missed' then 'no_show'
        -- A source that never says who cancelled goes on not saying it.
        when 'cancelled' then case
            when exists (
                select from raw_native.appointments as known
                where
                    known.organization_id = a.organization_id
                    and known.status in ('cancelled_by_customer', 'cancelled_by_business')
            ) then 'cancelled_by_customer'
            else 'cancelled'
        end
        when 'booked' then 'confirmed'
        else a.status
    end as status,
    a.source,
    case when c.kind = 'booked' then c.happened_at else a.created_at end as created_at,
    c.new_start_at as start_at,
    a.start_date,
    a.end_at + (c.new_start_at - a.start_at) as end_at,
    case when c.kind = 'cancelled' then c.happened_at end as cancelled_at,
    null::date as cancelled_date,
    null as cancellation_reason,
    case
        when a.version is null then null when c.kind = 'booked' then 1
        else a.version + 1
    end as version,
    case when a.updated_at is not null then c.happened_at end as updated_at,
    null::timestamptz as deleted_at
from hour_changes as c
inner join raw_native.appointments as a
    on c.organization_id = a.organization_id and c.appointment_id = a.appointment_id
where c.kind <> 'refunded';

create temporary table hour_appointment_services on commit drop as
select
    s.organization_id,
    case when c.kind = 'booked' then c.new_key else s.appointment_id end as appointment_id,
    s.appointment_service_id,
    s.service_id,
    s.staff_id,
    null as status,
    s.start_at + (c.new_start_at - c.start_at) as start_at,
    s.duration_minutes,
    s.processing_minutes,
    s.price,
    s.is_requested,
    s.version,
    case when s.updated_at is not null then c.happened_at end as updated_at,
    null::timestamptz as deleted_at
from hour_changes as c
inner join raw_native.appointment_services as s
    on c.organization_id = s.organization_id and c.appointment_id = s.appointment_id
where c.kind in ('booked', 'moved', 'settled') and not s._is_deleted;

create temporary table hour_sale_lines on commit drop as
select
    s.organization_id,
    c.new_key as sale_id,
    s.appointment_service_id as sale_line_id,
    'service' as line_type,
    s.service_id as item_id,
    v.name as description,
    null as customer_id,
    s.staff_id,
    s.appointment_service_id,
    null as package_redemption_id,
    1 as quantity,
    s.price as gross_amount,
    null::numeric as discount_amount,
    null as discount_type,
    null as discount_code,
    round(s.price / 10, case when l.currency = 'JPY' then 0 else 2 end) as tax_amount,
    null::bigint as version,
    null::timestamptz as updated_at,
    null::timestamptz as deleted_at
from hour_changes as c
inner join raw_native.appointment_services as s
    on c.organization_id = s.organization_id and c.appointment_id = s.appointment_id
inner join raw_native.appointments as a
    on c.organization_id = a.organization_id and c.appointment_id = a.appointment_id
inner join raw_native.locations as l
    on a.organization_id = l.organization_id and a.location_id = l.location_id
left join raw_native.services as v
    on s.organization_id = v.organization_id and s.service_id = v.service_id
where c.kind = 'settled' and not s._is_deleted and s.price is not null;

create temporary table hour_sales on commit drop as
select
    a.organization_id,
    c.new_key as sale_id,
    a.location_id,
    a.customer_id,
    a.appointment_id,
    null as staff_id,
    'closed' as status,
    null as currency,
    c.happened_at as created_at,
    c.happened_at as closed_at,
    null::date as sale_date,
    t.total as total_amount,
    null::bigint as version,
    null::timestamptz as updated_at,
    null::timestamptz as deleted_at
from hour_changes as c
inner join raw_native.appointments as a
    on c.organization_id = a.organization_id and c.appointment_id = a.appointment_id
inner join (
    select l.organization_id, l.sale_id, sum(l.gross_amount + l.tax_amount) as total
    from hour_sale_lines as l
    group by l.organization_id, l.sale_id
) as t
    on c.organization_id = t.organization_id and c.new_key = t.sale_id
where c.kind = 'settled';

-- Organizations whose source sends no payments go on sending none; the same for points.
create temporary table hour_payments on commit drop as
select
    s.organization_id,
    s.sale_id as payment_id,
    s.sale_id,
    s.location_id,
    s.customer_id,
    'completed' as status,
    case when right(s.sale_id, 1) in ('0', '5') then 'cash' else 'card' end as tender_type,
    s.total_amount as amount,
    null::numeric as tip_amount,
    null::numeric as processing_fee_amount,
    null as currency,
    null as gift_card_id,
    null as tip_staff_id,
    s.closed_at as paid_at,
    null::date as paid_date,
    null::bigint as version,
    null::timestamptz as updated_at,
    null::timestamptz as deleted_at
from hour_sales as s
where exists (
    select from raw_native.payments as p where p.organization_id = s.organization_id
);

create temporary table hour_loyalty_events on commit drop as
select
    s.organization_id,
    s.sale_id as loyalty_event_id,
    m.loyalty_account_id,
    'earn' as event_type,
    floor(s.total_amount)::bigint as points,
    s.sale_id,
    s.location_id,
    s.closed_at as occurred_at,
    s.closed_at + interval '1 year' as expires_at,
    null::bigint as version,
    null::timestamptz as updated_at,
    null::timestamptz as deleted_at
from hour_sales as s
inner join raw_native.loyalty_accounts as m
    on s.organization_id = m.organization_id and s.customer_id = m.customer_id
where m.closed_at is null;

-- The source's own balance follows.
create temporary table hour_loyalty_accounts on commit drop as
select
    m.organization_id,
    m.loyalty_account_id,
    m.customer_id,
    m.tier,
    m.balance + e.points as balance,
    m.enrolled_at,
    m.closed_at,
    m.version + 1 as version,
    case when m.updated_at is not null then e.occurred_at end as updated_at,
    m.deleted_at
from raw_native.loyalty_accounts as m
inner join (
    select
        h.organization_id,
        h.loyalty_account_id,
        sum(h.points) as points,
        max(h.occurred_at) as occurred_at
    from hour_loyalty_events as h
    group by h.organization_id, h.loyalty_account_id
) as e
    on m.organization_id = e.organization_id and m.loyalty_account_id = e.loyalty_account_id;

create temporary table hour_refunds on commit drop as
select distinct on (p.organization_id, p.sale_id)
    p.organization_id,
    c.new_key as refund_id,
    p.payment_id,
    p.sale_id,
    null as sale_line_id,
    p.location_id,
    p.customer_id,
    'completed' as status,
    p.tender_type,
    ceil(p.amount / 2) as amount,
    null::numeric as tax_amount,
    null::numeric as tip_amount,
    null::numeric as processing_fee_amount,
    null as currency,
    'not as expected' as reason,
    c.happened_at as refunded_at,
    null::date as refunded_date,
    null::bigint as version,
    null::timestamptz as updated_at,
    null::timestamptz as deleted_at
from hour_changes as c
inner join raw_native.sales as s
    on c.organization_id = s.organization_id and c.appointment_id = s.appointment_id
inner join raw_native.payments as p
    on s.organization_id = p.organization_id and s.sale_id = p.sale_id
where c.kind = 'refunded' and p.amount > 1 and coalesce(p.status, 'completed') = 'completed'
    and p.tender_type in ('card', 'cash', 'online')
order by p.organization_id, p.sale_id, p.amount desc;
