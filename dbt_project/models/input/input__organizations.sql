{{ config(materialized='table') }}

with organizations as (
    select * from {{ ref('stg_native__organizations') }} as organizations
    where {{ is_live('organizations') }}
),

-- An organization need not send a file about itself: its other rows name it.
mentioned as (
    select
        organization_id,
        source_system,
        load_id
    from {{ ref('stg_native__locations') }}
    union all
    select
        organization_id,
        source_system,
        load_id
    from {{ ref('stg_native__customers') }}
    union all
    select
        organization_id,
        source_system,
        load_id
    from {{ ref('stg_native__appointments') }}
    union all
    select
        organization_id,
        source_system,
        load_id
    from {{ ref('stg_native__sales') }}
),

organization_ids as (
    select
        organization_id,
        min(source_system) as source_system,
        min(load_id) as load_id
    from mentioned
    group by organization_id
),

final as (
    select
        coalesce(organizations.organization_id, organization_ids.organization_id)
            as organization_id,
        organizations.name,
        organizations.country,
        organizations.default_currency,
        organizations.created_at,
        coalesce(organizations.source_system, organization_ids.source_system)
            as source_system,
        coalesce(organizations.load_id, organization_ids.load_id) as load_id
    from organizations
    full outer join organization_ids
        on organizations.organization_id = organization_ids.organization_id
)

select * from final
