-- One row per segment and client in it.
with members as (
    select * from {{ ref('int_customer_segment_members') }}
),

final as (
    select
        organization_id,
        segment,
        customer_id,
        is_primary,
        priority,
        qualifying_values,
        thresholds,
        currency,
        '{{ definition_version() }}' as definition_version,
        {{ refreshed_at() }} as updated_at
    from members
)

select * from final
