{{ config(materialized='view') }}

{#-
    Read whole, not by scope: the planning of a refresh asks it whether an answer has
    changed. Each answer is one look into an index, which the order asks for: the planner
    would read a whole table in the hope of meeting the organization early. What is stated
    has indexes of its own, STATEMENTS in orchestration/contract/tables.py.
-#}
{%- set kinds = {
    'has_appointments': (ref('stg_native__appointments'), 'appointment_id', 'created_at'),
    'has_sales': (ref('stg_native__sales'), 'sale_id', 'created_at'),
    'has_payments': (ref('stg_native__payments'), 'payment_id', 'paid_at'),
    'has_refunds': (ref('stg_native__refunds'), 'refund_id', 'refunded_at'),
    'has_gift_cards': (
        ref('stg_native__gift_card_events'), 'gift_card_event_id', 'occurred_at'
    ),
    'has_packages': (ref('stg_native__packages'), 'package_id', 'sold_at'),
    'has_memberships': (ref('stg_native__memberships'), 'membership_id', 'started_at'),
    'has_loyalty': (
        ref('stg_native__loyalty_accounts'), 'loyalty_account_id', 'enrolled_at'
    ),
    'has_loyalty_events': (
        ref('stg_native__loyalty_events'), 'loyalty_event_id', 'occurred_at'
    ),
    'has_shifts': (ref('stg_native__staff_shifts'), 'shift_id', none),
    'has_campaigns': (ref('stg_native__campaign_sends'), 'campaign_send_id', 'sent_at'),
} -%}
{%- set statements = {
    'has_discounts': (
        ref('stg_native__sale_lines'), 'load_id', 'sent.discount_amount is not null'
    ),
    'has_processing_fees': (
        ref('stg_native__payments'), 'load_id', 'sent.processing_fee_amount is not null'
    ),
    'has_referrals': (
        ref('stg_native__customers'), 'customer_id',
        'sent.referred_by_customer_id is not null'
    ),
    'has_vip_tier': (
        ref('stg_native__loyalty_accounts'), 'loyalty_account_id',
        "lower(sent.tier) = 'vip'"
    ),
    'has_unknown_cancellers': (
        ref('stg_native__appointments'), 'load_id', "sent.status = 'cancelled'"
    ),
    'has_known_cancellers': (
        ref('stg_native__appointments'), 'load_id',
        "sent.status in ('cancelled_by_customer', 'cancelled_by_business')"
    ),
} -%}

with organizations as (
    {{ all_organization_ids(ref('stg_native__organizations')) }}
),

final as (
    select
        organizations.organization_id
        {%- for name, (relation, key, instant) in kinds.items() %}
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
                    order by sent.{{ key }}
                    limit 1
                ),
                false
            ) as {{ name }}
        {%- endfor %}
        {%- for name, (relation, key, condition) in statements.items() %}
            ,
            coalesce(
                (
                    select true from {{ relation }} as sent
                    where
                        sent.organization_id = organizations.organization_id
                        and {{ is_live('sent') }}
                        and {{ condition }}
                    order by sent.{{ key }}
                    limit 1
                ),
                false
            ) as {{ name }}
        {%- endfor %}
    from organizations
)

select * from final
