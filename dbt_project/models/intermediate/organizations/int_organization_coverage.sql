-- One row per organization of which anything is recomputed: which kinds of data it
-- sends.
with coverage as (
    select * from {{ ref('input__organization_coverage') }}
),

organizations as (
    select organization_id from {{ ref('input__organizations') }}
),

final as (
    select
        organizations.organization_id,
        {%- for kind in [
            'appointments', 'sales', 'payments', 'refunds', 'gift_cards', 'packages',
            'memberships', 'loyalty', 'loyalty_events', 'shifts', 'campaigns', 'discounts',
            'processing_fees', 'referrals', 'vip_tier', 'unknown_cancellers',
            'known_cancellers'
        ] %}
            coverage.has_{{ kind }},
        {%- endfor %}
        -- Some sources never say who called a booking off; then nobody can be counted.
        coverage.has_unknown_cancellers
        and not coverage.has_known_cancellers as hides_who_cancelled
    from organizations
    inner join coverage on organizations.organization_id = coverage.organization_id
)

select * from final
