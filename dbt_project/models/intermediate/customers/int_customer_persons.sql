-- One row per client: the person, with or without a profile: ids, identity, consent,
-- age and home.
with customers as (
    select * from {{ ref('int_customers_listed') }}
),

ids as (
    select
        organization_id,
        customer_id,
        source_customer_id
    from {{ ref('input__customer_ids') }}
    union
    select
        organization_id,
        customer_id,
        customer_id as source_customer_id
    from customers
),

gathered_ids as (
    select
        organization_id,
        customer_id,
        {{ sorted_array('source_customer_id') }} as source_customer_ids
    from ids
    group by organization_id, customer_id
),

final as (
    select
        customers.organization_id,
        customers.customer_id,
        gathered_ids.source_customer_ids,
        identity.name,
        identity.email,
        identity.phone,
        identity.creation_source,
        identity.acquisition_source,
        identity.referred_by_customer_id,
        identity.preferred_staff_id,
        coalesce(identity.customer_type, 'client') as customer_type,
        coalesce(identity.source_system, customers.source_system) as source_system,
        identity.birth_month,
        identity.birth_day,
        identity.birth_year,
        age.age,
        age.age_group,
        age.months_to_birthday,
        identity.email_consent,
        identity.sms_consent,
        coalesce(identity.is_suppressed, false) as is_suppressed,
        identity.consent_updated_at,
        identity.profile_created_at
    from customers
    {{ join_customer_facts('gathered_ids') }}
    {{ join_customer_facts(ref('int_customer_identity'), alias='identity') }}
    {{ join_customer_facts(ref('int_customer_age'), alias='age') }}
)

select * from final
