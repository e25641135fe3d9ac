with payments as (
    select *
    from {{ scoped(ref('stg_native__payments'), 'payments', 'payment_id') }}
        as payments
    where {{ is_live('payments') }}
),

timed as (
    select
        payments.*,
        locations.timezone,
        locations.business_day_cutoff_minutes,
        locations.currency as location_currency,
        locations.currency_exponent,
        coalesce(
            payments.paid_at,
            {{ business_day_start(
                'payments.paid_date',
                'locations.timezone',
                'locations.business_day_cutoff_minutes'
            ) }}
        ) as known_at
    from payments
    {{ join_locations('payments') }}
),

final as (
    select
        timed.organization_id,
        timed.payment_id,
        timed.sale_id,
        timed.gift_card_id,
        timed.tip_staff_id,
        timed.location_id,
        {{ canonical_customer_id('timed.customer_id') }} as customer_id,
        coalesce(timed.status, 'completed') as status,
        timed.tender_type,
        coalesce(timed.currency, timed.location_currency) as currency,
        {{ to_minor('timed.amount', 'timed.currency_exponent') }} as amount_minor,
        {{ to_minor('timed.tip_amount', 'timed.currency_exponent') }} as tip_minor,
        {{ to_minor('timed.processing_fee_amount', 'timed.currency_exponent') }}
            as processing_fee_minor,
        case
            when timed.paid_at is null then timed.paid_date
            else {{ local_business_date(
                'timed.paid_at', 'timed.timezone', 'timed.business_day_cutoff_minutes'
            ) }}
        end as business_date,
        timed.known_at as paid_at,
        timed.source_system,
        timed.load_id
    from timed
    {{ join_customer_ids('timed') }}
    left join {{ scoped(ref('stg_native__sales'), 'sales', 'sale_id') }} as sales
        on
            timed.organization_id = sales.organization_id
            and timed.sale_id = sales.sale_id
    {{ join_customer_ids('sales', 'customer_id', 'ticket_customer_ids') }}
    where
        {{ is_not_test_customer() }}
        -- Money on a test profile's ticket counts nowhere, whoever the money names.
        and {{ is_not_test_customer('ticket_customer_ids') }}
        and timed.known_at <= {{ as_of() }}
)

select * from final
