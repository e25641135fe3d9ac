-- The sessions of a package that was used up are worth its price; those of one in use,
-- less.
{{ config(meta={'dimension': 'consistency', 'dagster': {'ref': {'name': 'int_package_sessions_priced'}}}) }}

with used as (
    select
        sessions.organization_id,
        sessions.package_id,
        sum(sessions.recognised_minor) as recognised_minor,
        sum(redemptions.sessions) as sessions_used
    from {{ ref('int_package_sessions_priced') }} as sessions
    inner join {{ ref('input__package_redemptions') }} as redemptions
        on
            sessions.organization_id = redemptions.organization_id
            and sessions.package_redemption_id = redemptions.package_redemption_id
    group by sessions.organization_id, sessions.package_id
)

select
    packages.organization_id,
    packages.package_id,
    packages.price_minor,
    used.recognised_minor
from {{ ref('input__packages') }} as packages
inner join used
    on
        packages.organization_id = used.organization_id
        and packages.package_id = used.package_id
where
    used.recognised_minor > packages.price_minor
    or used.recognised_minor < 0
    or (
        used.sessions_used >= packages.sessions
        and used.recognised_minor <> packages.price_minor
    )
