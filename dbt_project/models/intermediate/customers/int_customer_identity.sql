-- One row per client: who they are and what they agreed to, put together from the
-- profile that lives on and those merged into it.
with profiles as (
    select
        *,
        nullif(trim(concat_ws(' ', first_name, last_name)), '') as name
    from {{ ref('input__customers') }}
),

ranked as (
    select
        profiles.*,
        row_number() over profile_order as profile_rank,
        row_number() over consent_order as consent_rank,
        first_value(birth_month) over birthday_order as known_birth_month,
        first_value(birth_day) over birthday_order as known_birth_day
    from profiles
    window
        profile_order as (
            partition by organization_id, customer_id
            order by
                is_canonical desc,
                created_at desc nulls last,
                source_customer_id asc
        ),
        consent_order as (
            partition by organization_id, customer_id
            order by
                consent_updated_at desc nulls last,
                is_canonical desc,
                created_at desc nulls last,
                source_customer_id asc
        ),
        birthday_order as (
            partition by organization_id, customer_id
            order by
                (birth_month is null),
                is_canonical desc,
                created_at desc nulls last,
                source_customer_id asc
        )
),

final as (
    select
        organization_id,
        customer_id,
        {{ first_known('name', 'profile_rank') }} as name,
        {{ first_known('email', 'profile_rank') }} as email,
        {{ first_known('phone', 'profile_rank') }} as phone,
        {{ first_known('customer_type', 'profile_rank') }} as customer_type,
        {{ first_known('creation_source', 'profile_rank') }} as creation_source,
        {{ first_known('acquisition_source', 'profile_rank') }} as acquisition_source,
        {{ first_known('home_location_id', 'profile_rank') }} as home_location_id,
        {{ first_known('preferred_staff_id', 'profile_rank') }} as preferred_staff_id,
        {{ first_known('source_system', 'profile_rank') }} as source_system,
        -- A client merged into the one they referred brought nobody.
        {{ first_known(
            'case when referred_by_customer_id <> customer_id then referred_by_customer_id end',
            'profile_rank'
        ) }} as referred_by_customer_id,
        min(created_at) as profile_created_at,
        -- An undated refusal cannot be shown to be older than a later yes, so it
        -- stands.
        case
            when bool_or(not email_consent and consent_updated_at is null) then false
            else {{ first_known('email_consent', 'consent_rank') }}
        end as email_consent,
        case
            when bool_or(not sms_consent and consent_updated_at is null) then false
            else {{ first_known('sms_consent', 'consent_rank') }}
        end as sms_consent,
        max(consent_updated_at) as consent_updated_at,
        bool_or(is_suppressed) as is_suppressed,
        min(known_birth_month) as birth_month,
        min(known_birth_day) as birth_day,
        -- A year belongs to the birthday it was given with, not to another profile's.
        {{ first_known(
            'case when birth_month = known_birth_month and birth_day = known_birth_day'
            ~ ' then birth_year end',
            'profile_rank'
        ) }} as birth_year
    from ranked
    group by organization_id, customer_id
)

select * from final
