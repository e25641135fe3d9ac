-- One row per client: the local day at home, and the age on it. A birthday on 29
-- February is kept on the 28th in common years.
with customers as (
    select * from {{ ref('int_customers_listed') }}
),

today as (
    select * from {{ ref('int_location_today') }}
),

at_home as (
    select
        customers.organization_id,
        customers.customer_id,
        coalesce(home.location_id, first_location.location_id) as home_location_id,
        coalesce(home.currency, first_location.currency) as home_currency,
        -- A business without a place to tell its day by has the world's.
        coalesce(
            home.today_date,
            first_location.today_date,
            cast({{ local_timestamp(as_of(), "'UTC'") }} as date)
        ) as today_date,
        identity.birth_year,
        identity.birth_month,
        identity.birth_day
    from customers
    {{ join_customer_facts(ref('int_customer_identity'), alias='identity') }}
    left join today as home
        on
            customers.organization_id = home.organization_id
            and identity.home_location_id = home.location_id
    left join today as first_location
        on
            customers.organization_id = first_location.organization_id
            and first_location.is_first_location
),

calendar as (
    select
        at_home.*,
        cast(extract(year from today_date) as integer) as this_year,
        cast(extract(month from today_date) as integer) as this_month,
        cast(extract(day from today_date) as integer) as this_day
    from at_home
),

dated as (
    select
        calendar.*,
        case
            when
                birth_month = 2
                and birth_day = 29
                and not (mod(this_year, 4) = 0 and mod(this_year, 100) <> 0)
                and mod(this_year, 400) <> 0
                then 28
            else birth_day
        end as kept_day
    from calendar
),

aged as (
    select
        dated.*,
        this_year - birth_year
        - case
            when this_month * 100 + this_day < birth_month * 100 + kept_day then 1
            else 0
        end as age
    from dated
),

final as (
    select
        aged.organization_id,
        aged.customer_id,
        aged.home_location_id,
        aged.home_currency,
        aged.today_date,
        case when aged.age >= 0 then aged.age end as age,
        coalesce(age_groups.age_group, 'unknown') as age_group,
        mod(aged.birth_month - aged.this_month + 12, 12) as months_to_birthday
    from aged
    left join {{ ref('age_groups') }} as age_groups
        on
            aged.age >= age_groups.min_age
            and (age_groups.max_age is null or aged.age <= age_groups.max_age)
)

select * from final
