with memberships as (
    select *
    from {{ scoped(ref('stg_native__memberships'), 'memberships', 'membership_id') }}
        as memberships
    where {{ is_live('memberships') }} and {{ has_happened('started_at') }}
),

located as (
    select
        memberships.*,
        coalesce(locations.currency, organizations.default_currency)
            as known_currency
    from memberships
    {{ join_locations('memberships', 'left') }}
    left join {{ ref('input__organizations') }} as organizations
        on memberships.organization_id = organizations.organization_id
),

final as (
    select
        located.organization_id,
        located.membership_id,
        {{ canonical_customer_id('located.customer_id') }} as customer_id,
        located.location_id,
        located.plan_name,
        located.billing_interval,
        located.status,
        located.cancellation_reason,
        located.started_at,
        case
            when located.cancelled_at <= {{ as_of() }} then located.cancelled_at
        end as cancelled_at,
        located.ended_at,
        located.known_currency as currency,
        {{ to_minor('located.price', 'coalesce(currencies.exponent, 2)') }}
            as price_minor,
        located.source_system,
        located.load_id
    from located
    left join {{ ref('currencies') }} as currencies
        on located.known_currency = currencies.currency
    {{ join_customer_ids('located') }}
    where {{ is_not_test_customer() }}
)

select * from final
