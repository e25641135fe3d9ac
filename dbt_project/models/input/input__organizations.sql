with organizations as (
    select *
    from {{ of_touched_organizations(ref('stg_native__organizations')) }}
        as organizations
    where {{ is_live('organizations') }}
),

-- An organization need not send a file about itself: its other rows name it.
organization_ids as (
    {{ touched_organization_ids(ref('stg_native__organizations')) }}
),

final as (
    select
        organization_ids.organization_id,
        organizations.name,
        organizations.country,
        organizations.default_currency,
        organizations.created_at,
        organizations.source_system,
        organizations.load_id
    from organization_ids
    left join organizations
        on organization_ids.organization_id = organizations.organization_id
)

select * from final
