-- name: changed_days
-- Days on which what changed counted, or counts now. Nothing counts on a day that is ahead: when it
-- comes, all of it is read (new_days).
with clocks as (
    select
        organization_id,
        location_id,
        timezone,
        business_day_cutoff_minutes * interval '1 minute' as cutoff
    from marts.locations
),
moments as (
    select
        versions.entity,
        versions.organization_id,
        versions.key,
        versions.row ->> 'location_id' as location_id,
        cast(nullif(moment.text, '') as timestamptz) as at,
        cast(moment.day as date) as day
    from scope.row_versions as versions
    cross join lateral (
        values
        ('appointments', versions.row ->> 'start_at', versions.row ->> 'start_date'),
        (
            'sales',
            coalesce(versions.row ->> 'closed_at', versions.row ->> 'created_at'),
            versions.row ->> 'sale_date'
        ),
        ('payments', versions.row ->> 'paid_at', versions.row ->> 'paid_date'),
        ('refunds', versions.row ->> 'refunded_at', versions.row ->> 'refunded_date')
    ) as moment (entity, text, day)
    where versions.entity = moment.entity
),
dated as (
    select
        moments.entity,
        moments.organization_id,
        moments.key,
        moments.location_id,
        days.business_date
    from moments
    left join clocks
        on
            moments.organization_id = clocks.organization_id
            and moments.location_id = clocks.location_id
    cross join lateral (
        values
        (moments.day),
        (
            cast(
                (moments.at at time zone coalesce(clocks.timezone, 'UTC'))
                - coalesce(clocks.cutoff, interval '0') as date
            )
        )
    ) as days (business_date)
    where days.business_date is not null
),
-- A service counts at its ticket's place on its booking's day.
booked as (
    select sales.organization_id, sales.location_id, dated.business_date
    from dated
    inner join raw_native.sales as sales
        on
            dated.organization_id = sales.organization_id
            and dated.key = sales.appointment_id
    inner join scope.sales as keys
        on sales.organization_id = keys.organization_id and sales.sale_id = keys.sale_id
    where dated.entity = 'appointments' and keys.is_changed
    union
    select sales.organization_id, sales.location_id, appointments.start_date
    from scope.sales as keys
    inner join raw_native.sales as sales
        on keys.organization_id = sales.organization_id and keys.sale_id = sales.sale_id
    inner join marts.appointments as appointments
        on
            sales.organization_id = appointments.organization_id
            and sales.appointment_id = appointments.appointment_id
    where keys.is_changed
),
counted as (
    select organization_id, location_id, business_date
    from dated
    union
    select organization_id, location_id, business_date
    from booked
    union
    select rows.organization_id, rows.location_id, rows.start_date
    from scope.appointments as keys
    inner join marts.appointments as rows
        on
            keys.organization_id = rows.organization_id
            and keys.appointment_id = rows.appointment_id
    where keys.is_changed
    union
    select rows.organization_id, rows.location_id, days.day
    from scope.sales as keys
    inner join marts.sale_lines as rows
        on keys.organization_id = rows.organization_id and keys.sale_id = rows.sale_id
    cross join lateral (values (rows.business_date), (rows.service_date)) as days (day)
    where keys.is_changed
    union
    select rows.organization_id, rows.location_id, rows.business_date
    from scope.sales as keys
    inner join marts.sales as rows
        on keys.organization_id = rows.organization_id and keys.sale_id = rows.sale_id
    where keys.is_changed
    union
    select rows.organization_id, rows.location_id, rows.business_date
    from scope.payments as keys
    inner join marts.payments as rows
        on keys.organization_id = rows.organization_id and keys.payment_id = rows.payment_id
    where keys.is_changed
    union
    select rows.organization_id, rows.location_id, rows.business_date
    from scope.refunds as keys
    inner join marts.refunds as rows
        on keys.organization_id = rows.organization_id and keys.refund_id = rows.refund_id
    where keys.is_changed
)
insert into scope.days (organization_id, location_id, business_date)
select counted.organization_id, counted.location_id, counted.business_date
from counted
left join clocks
    on
        counted.organization_id = clocks.organization_id
        and counted.location_id = clocks.location_id
where
    counted.business_date <= cast(
        (%(as_of)s at time zone coalesce(clocks.timezone, 'UTC'))
        - coalesce(clocks.cutoff, interval '0') as date
    )
on conflict do nothing

-- name: new_days
-- The day that began counts from now on, and the one before it is no longer today.
insert into scope.days (organization_id, location_id, business_date)
select new_days.organization_id, new_days.location_id, cast(days.day as date)
from scope.new_days as new_days
cross join lateral generate_series(
    cast(new_days.last_date as timestamp), new_days.this_date, interval '1 day'
) as days (day)
where new_days.location_id is not null
on conflict do nothing

-- name: months
insert into scope.months (organization_id, location_id, month_start_date)
select distinct organization_id, location_id, cast(date_trunc('month', business_date) as date)
from scope.days
on conflict do nothing
