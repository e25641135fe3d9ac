-- One row per line of a closed ticket that a package session settles: what the session
-- is worth.
with sale_lines as (
    select * from {{ ref('int_sale_lines_closed') }}
),

-- A session that several lines name is recognised on the first of them.
session_lines as (
    select
        organization_id,
        package_redemption_id,
        currency,
        sale_id,
        sale_line_id,
        row_number() over (
            partition by organization_id, package_redemption_id
            order by is_return, sold_at, sale_id, sale_line_id
        ) as line_number
    from sale_lines
    where package_redemption_id is not null
),

final as (
    select
        session_lines.organization_id,
        session_lines.sale_id,
        session_lines.sale_line_id,
        case
            when session_lines.line_number = 1 then sessions.recognised_minor else 0
        end
            as recognised_minor
    from session_lines
    inner join {{ ref('int_package_sessions_priced') }} as sessions
        on
            session_lines.organization_id = sessions.organization_id
            and session_lines.package_redemption_id = sessions.package_redemption_id
            and session_lines.currency = sessions.currency
)

select * from final
