-- One row per client: each with a profile, merges followed, and each id that facts
-- mention without one. Pseudo-clients for walk-ins and test profiles are nobody.
{%- set published = {
    'input__appointments': 'appointments',
    'input__sales': 'sales',
    'input__sale_lines': 'sale_lines',
    'input__payments': 'payments'
} %}
{%- set columns = ['organization_id', 'customer_id', 'source_system'] %}

with mentions as (
    {% for name in [
        'input__customers', 'input__appointments', 'input__sales', 'input__sale_lines',
        'input__payments', 'input__refunds', 'input__gift_card_events', 'input__packages',
        'input__memberships', 'input__loyalty_accounts'
    ] -%}
        {%- set relation = ref(name) -%}
        select
            organization_id,
            customer_id,
            source_system,
            -- A public payment names its ticket's client, whom the ticket mentions too.
            {{ "true" if name == 'input__payments' else "false" }} as is_payment
        from
            {{ client_history(relation, published[name], columns)
                if name in published else relation }} as mentions
        where customer_id is not null
        {{ "union all" if not loop.last }}
    {% endfor %}
),

nobodies as (
    select
        organization_id,
        source_customer_id as customer_id
    from {{ ref('input__customer_ids') }}
    where customer_type in ('walk_in', 'test')
),

final as (
    select
        mentions.organization_id,
        mentions.customer_id,
        coalesce(
            min(mentions.source_system) filter (where not mentions.is_payment),
            min(mentions.source_system)
        ) as source_system
    from mentions
    left join nobodies
        on
            mentions.organization_id = nobodies.organization_id
            and mentions.customer_id = nobodies.customer_id
    where
        nobodies.customer_id is null
        and {{ is_in_scope('mentions', 'customers', ['customer_id']) }}
    group by mentions.organization_id, mentions.customer_id
)

select * from final
