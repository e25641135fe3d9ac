{%- set kinds = {
    'has_appointments': ref('input__appointments'),
    'has_sales': ref('input__sales'),
    'has_payments': ref('input__payments'),
    'has_refunds': ref('input__refunds'),
    'has_gift_cards': ref('input__gift_card_events'),
    'has_packages': ref('input__packages'),
    'has_memberships': ref('input__memberships'),
    'has_loyalty': ref('input__loyalty_accounts'),
    'has_shifts': ref('input__staff_shifts'),
    'has_campaigns': ref('input__campaign_sends'),
} -%}

with organizations as (
    select organization_id from {{ ref('input__organizations') }}
),

final as (
    select
        organizations.organization_id,
        {%- for has_kind, relation in kinds.items() %}
            exists(
                select 1 from {{ relation }} as sent
                where sent.organization_id = organizations.organization_id
            ) as {{ has_kind }},
        {%- endfor %}
        exists(
            select 1 from {{ ref('input__sale_lines') }} as sale_lines
            where
                sale_lines.organization_id = organizations.organization_id
                and sale_lines.discount_exact is not null
        ) as has_discounts
    from organizations
)

select * from final
