with services as (
    select *
    from {{ of_touched_organizations(ref('stg_native__services')) }} as services
),

final as (
    select
        services.organization_id,
        services.service_id,
        services.name,
        services.category,
        services.duration_minutes,
        services.processing_minutes,
        services.price,
        services.cost,
        services.is_add_on,
        services.is_active,
        services.source_system,
        services.load_id
    from services
    where {{ is_live('services') }}
)

select * from final
