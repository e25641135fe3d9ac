{{ config(materialized='view') }}

{#-
    Read whole, not by scope: the planning of a refresh asks it whether an answer has
    changed. Each answer is one look into an index (LINKS and STATEMENTS in
    orchestration/contract/tables.py); an `exists` might be answered for all organizations
    at once, by reading whole tables.
-#}
{%- set kinds = {
    'has_appointments': (ref('stg_native__appointments'), 'created_at'),
    'has_sales': (ref('stg_native__sales'), 'created_at'),
    'has_payments': (ref('stg_native__payments'), 'paid_at'),
    'has_refunds': (ref('stg_native__refunds'), 'refunded_at'),
    'has_gift_cards': (ref('stg_native__gift_card_events'), 'occurred_at'),
    'has_packages': (ref('stg_native__packages'), 'sold_at'),
    'has_memberships': (ref('stg_native__memberships'), 'started_at'),
    'has_loyalty': (ref('stg_native__loyalty_accounts'), 'enrolled_at'),
    'has_loyalty_events': (ref('stg_native__loyalty_events'), 'occurred_at'),
    'has_shifts': (ref('stg_native__staff_shifts'), none),
    'has_campaigns': (ref('stg_native__campaign_sends'), 'sent_at'),
} -%}
{%- set statements = {
    'has_discounts': (ref('stg_native__sale_lines'), 'sent.discount_amount is not null'),
    'has_processing_fees': (
        ref('stg_native__payments'), 'sent.processing_fee_amount is not null'
    ),
    'has_referrals': (
        ref('stg_native__customers'), 'sent.referred_by_customer_id is not null'
    ),
    'has_vip_tier': (ref('stg_native__loyalty_accounts'), "lower(sent.tier) = 'vip'"),
    'has_unknown_cancellers': (ref('stg_native__appointments'), "sent.status = 'cancelled'"),
    'has_known_cancellers': (
        ref('stg_native__appointments'),
        "sent.status in ('cancelled_by_customer', 'cancelled_by_business')"
    ),
} -%}

with organizations as (
    {{ all_organization_ids(ref('stg_native__organizations')) }}
),

final as (
    select
        organizations.organization_id
        {%- for name, (relation, instant) in kinds.items() %}
            ,
            coalesce(
                (
                    select true from {{ relation }} as sent
                    where
                        sent.organization_id = organizations.organization_id
                        and {{ is_live('sent') }}
                        {%- if instant %}
                            and {{ has_happened('sent.' ~ instant) }}
                        {%- endif %}
                    limit 1
                ),
                false
            ) as {{ name }}
        {%- endfor %}
        {%- for name, (relation, condition) in statements.items() %}
            ,
            coalesce(
                (
                    select true from {{ relation }} as sent
                    where
                        sent.organization_id = organizations.organization_id
                        and {{ is_live('sent') }}
                        and {{ condition }}
                    limit 1
                ),
                false
            ) as {{ name }}
        {%- endfor %}
    from organizations
)

select * from final
