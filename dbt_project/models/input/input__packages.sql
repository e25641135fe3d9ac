with packages as (
    select *
    from {{ scoped(ref('stg_native__packages'), 'packages', 'package_id') }}
        as packages
),

final as (
    select
        packages.organization_id,
        packages.package_id,
        {{ canonical_customer_id('packages.customer_id') }} as customer_id,
        packages.location_id,
        packages.sale_id,
        packages.service_id,
        packages.name,
        packages.sessions,
        {{ to_minor('packages.price', 'locations.currency_exponent') }} as price_minor,
        packages.sold_at,
        packages.expires_at,
        packages.cancelled_at,
        locations.currency,
        packages.source_system,
        packages.load_id
    from packages
    {{ join_locations('packages') }}
    {{ join_customer_ids('packages') }}
    where
        {{ is_live('packages') }}
        and {{ has_happened('packages.sold_at') }}
        and {{ is_not_test_customer() }}
)

select * from final
