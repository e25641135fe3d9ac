-- One row per package redemption: what the sessions it used up are worth.
with redemptions as (
    select
        organization_id,
        package_redemption_id,
        package_id,
        sessions,
        sum(sessions) over (
            partition by organization_id, package_id
            order by redeemed_at, package_redemption_id
            rows between unbounded preceding and current row
        ) as used_through
    from {{ ref('input__package_redemptions') }}
),

-- Sessions beyond those sold are worth nothing: the price is recognised once.
bounded as (
    select
        redemptions.organization_id,
        redemptions.package_redemption_id,
        redemptions.package_id,
        packages.currency,
        packages.name as package_name,
        packages.price_minor,
        nullif(packages.sessions, 0) as package_sessions,
        least(redemptions.used_through, packages.sessions) as last_session,
        least(redemptions.used_through - redemptions.sessions, packages.sessions)
            as sessions_before
    from redemptions
    inner join {{ ref('input__packages') }} as packages
        on
            redemptions.organization_id = packages.organization_id
            and redemptions.package_id = packages.package_id
),

shares as (
    select
        *,
        floor(cast(price_minor as {{ type_decimal() }}) / package_sessions)
            as whole_share,
        mod(price_minor, package_sessions) as spare_units
    from bounded
),

-- The first sessions carry the spare minor units, so that all of them add up to the
-- price.
final as (
    select
        organization_id,
        package_redemption_id,
        package_id,
        currency,
        package_name,
        cast(
            (last_session - sessions_before) * whole_share
            + least(last_session, spare_units)
            - least(sessions_before, spare_units) as bigint
        ) as recognised_minor
    from shares
)

select * from final
