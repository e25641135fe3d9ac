-- What the suites of marts read of them, made from raw without their rules: enough to be judged.
create schema build;
create schema marts;

create table build.sales as
with sums as (
    select organization_id, sale_id, cast(100 * sum(gross_amount) as bigint) as total_minor
    from raw_native.sale_lines
    group by organization_id, sale_id
)

-- The year before is this year again, so that an average has a past to be compared with.
select
    sales.organization_id, sales.sale_id || '-' || years_ago as sale_id, sales.location_id,
    'USD' as currency, sales._source_system as source_system, sums.total_minor,
    cast(coalesce(sales.closed_at, sales.created_at, sales.sale_date::timestamptz) as date)
    - 364 * years_ago as business_date
from raw_native.sales
inner join sums using (organization_id, sale_id)
cross join generate_series(0, 1) as years_ago
where sales.status is null or sales.status = 'closed';

create table build.payments as
select
    organization_id, payment_id, cast(100 * amount as bigint) as amount_minor,
    0 as unallocated_minor, true as is_completed,
    cast(coalesce(paid_at, paid_date::timestamptz) as date) as business_date
from raw_native.payments
where status is null or status = 'completed';

create table build.appointments as
select
    organization_id, appointment_id,
    cast(coalesce(start_at, start_date::timestamptz) as date) as start_date,
    coalesce(start_at, start_date::timestamptz) > context.as_of as is_upcoming,
    status like 'cancelled%' as is_cancelled,
    status = 'no_show' as is_no_show,
    status in ('attended', 'confirmed') as is_attended
from raw_native.appointments cross join ops.refresh_context as context;

create table build.customer_analytics as
select
    organization_id, customer_id, 1000 as net_lifetime_minor,
    case when hashtext(customer_id) % 5 = 0 then 'NEVER_BOOKED' else 'ACTIVE' end
        as lifecycle_stage
from raw_native.customers;

create table build.daily_sales as
select
    organization_id, currency, business_date, cast(sum(total_minor) as bigint) as net_sales_minor
from build.sales
group by organization_id, currency, business_date;

create table build.financial_daily as
select
    organization_id, location_id, business_date,
    sum(total_minor) as accrual_total_billed_minor,
    sum(total_minor) as cash_total_collected_minor,
    0 as cash_liability_redemptions_minor
from build.sales
group by organization_id, location_id, business_date;

create table marts.sales as table build.sales;
create table marts.payments as table build.payments;
create table marts.appointments as table build.appointments;
create table marts.customer_analytics as table build.customer_analytics;
create table marts.daily_sales as table build.daily_sales;
create table marts.financial_daily as table build.financial_daily;

insert into scope.organizations select distinct organization_id from raw_native.customers;
