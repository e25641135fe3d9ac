with clock as (
    select {{ local_business_date(as_of(), "'UTC'", 0) }} as today_date
),

-- The same for every organization, and of a length that a mistyped year cannot change.
span as (
    select
        cast({{ dbt.date_trunc('year', add_days('today_date', -30 * 366)) }} as date)
            as first_date,
        cast({{ dbt.date_trunc('year', add_days('today_date', 5 * 365)) }} as date)
            as last_year_date
    from clock
),

days as (
    select
        spine.day as calendar_date,
        {{ add_days('spine.day', '4 - ' ~ day_of_week('spine.day')) }} as thursday_date
    from span
    {{ date_spine('span.first_date', add_days('span.last_year_date', 365), 'spine') }}
    where extract(year from spine.day) <= extract(year from span.last_year_date)
),

final as (
    select
        calendar_date,
        cast(extract(year from calendar_date) as integer) as year_number,
        cast(extract(quarter from calendar_date) as integer) as quarter_number,
        cast(extract(month from calendar_date) as integer) as month_number,
        cast(extract(day from calendar_date) as integer) as day_of_month,
        cast(extract(doy from calendar_date) as integer) as day_of_year,
        {{ day_of_week('calendar_date') }} as day_of_week,
        -- An ISO week belongs to the year of its Thursday.
        cast(extract(year from thursday_date) as integer) as iso_year,
        cast(extract(week from calendar_date) as integer) as iso_week,
        {{ day_of_week('calendar_date') }} >= 6 as is_weekend,
        {{ add_days('thursday_date', -3) }} as week_start_date,
        cast({{ dbt.date_trunc('month', 'calendar_date') }} as date)
            as month_start_date,
        cast({{ dbt.date_trunc('quarter', 'calendar_date') }} as date)
            as quarter_start_date,
        cast({{ dbt.date_trunc('year', 'calendar_date') }} as date)
            as year_start_date,
        {{ refreshed_at() }} as updated_at
    from days
)

select * from final
