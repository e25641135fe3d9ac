with customers as (
    select *
    from {{ scoped(ref('stg_native__customers'), 'profiles', 'customer_id') }}
        as customers
    where {{ is_live('customers') }} and {{ has_happened('created_at') }}
),

final as (
    select
        customers.organization_id,
        customers.customer_id as source_customer_id,
        customer_ids.customer_id,
        customers.first_name,
        customers.last_name,
        customers.email,
        customers.phone,
        customers.birth_year,
        customers.birth_month,
        customers.birth_day,
        customers.gender,
        coalesce(customers.customer_type, 'client') as customer_type,
        customers.creation_source,
        customers.acquisition_source,
        referrer_ids.customer_id as referred_by_customer_id,
        customers.home_location_id,
        customers.preferred_staff_id,
        customers.preferred_channel,
        customers.email_consent,
        customers.sms_consent,
        coalesce(customers.is_suppressed, false) as is_suppressed,
        customers.customer_id = customer_ids.customer_id as is_canonical,
        customers.consent_updated_at,
        customers.created_at,
        customers.source_system,
        customers.load_id
    from customers
    {{ join_customer_ids('customers') }}
    {{ join_customer_ids('customers', 'referred_by_customer_id', 'referrer_ids') }}
    where customer_ids.customer_type not in ('test', 'walk_in')
)

select * from final
