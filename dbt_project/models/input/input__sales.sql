with sales as (
    select *
    from {{ scoped(ref('stg_native__sales'), 'sales', 'sale_id') }}
        as sales
    where {{ is_live('sales') }}
),

timed as (
    select
        sales.*,
        locations.timezone,
        locations.business_day_cutoff_minutes,
        locations.currency as location_currency,
        locations.currency_exponent,
        coalesce(sales.closed_at, sales.created_at) as known_at
    from sales
    {{ join_locations('sales') }}
),

final as (
    select
        timed.organization_id,
        timed.sale_id,
        timed.location_id,
        {{ canonical_customer_id('timed.customer_id') }} as customer_id,
        timed.customer_id as source_customer_id,
        timed.appointment_id,
        timed.staff_id,
        -- A ticket closed after the refresh's clock was still open then.
        case
            when timed.closed_at > {{ as_of() }} then 'open'
            else coalesce(timed.status, 'closed')
        end as status,
        coalesce(timed.currency, timed.location_currency) as currency,
        timed.currency_exponent,
        {{ to_minor('timed.total_amount', 'timed.currency_exponent') }} as total_minor,
        timed.customer_id is null
        or coalesce(customer_ids.customer_type = 'walk_in', false)
            as is_walk_in,
        timed.known_at is not null as has_sale_time,
        case
            when timed.known_at is null then timed.sale_date
            else {{ local_business_date(
                'timed.known_at', 'timed.timezone', 'timed.business_day_cutoff_minutes'
            ) }}
        end as business_date,
        timed.created_at,
        timed.closed_at,
        coalesce(
            timed.known_at,
            {{ business_day_start(
                'timed.sale_date', 'timed.timezone', 'timed.business_day_cutoff_minutes'
            ) }}
        ) as sold_at,
        timed.source_system,
        timed.load_id
    from timed
    {{ join_customer_ids('timed') }}
    where
        {{ is_not_test_customer() }}
        and {{ has_happened('timed.created_at') }}
        and {{ has_happened(business_day_start(
            'timed.sale_date', 'timed.timezone', 'timed.business_day_cutoff_minutes'
        )) }}
)

select * from final
