with package_redemptions as (
    select *
    from {{ scoped(
        ref('stg_native__package_redemptions'), 'package_redemptions', 'package_redemption_id'
    ) }}
        as package_redemptions
),

final as (
    select
        package_redemptions.organization_id,
        package_redemptions.package_redemption_id,
        package_redemptions.package_id,
        package_redemptions.appointment_id,
        package_redemptions.location_id,
        package_redemptions.staff_id,
        coalesce(package_redemptions.sessions, 1) as sessions,
        package_redemptions.redeemed_at,
        package_redemptions.source_system,
        package_redemptions.load_id
    from package_redemptions
    where
        {{ is_live('package_redemptions') }}
        and {{ has_happened('package_redemptions.redeemed_at') }}
)

select * from final
