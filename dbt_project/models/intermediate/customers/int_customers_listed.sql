-- One row per client: each with a profile, merges followed, and each id that facts
-- mention without one. Pseudo-clients for walk-ins and test profiles are nobody.
{%- set published = {
    'input__appointments': 'appointments',
    'input__sales': 'sales',
    'input__sale_lines': 'sale_lines',
    'input__payments': 'payments'
} %}
{%- set columns = ['organization_id', 'customer_id', 'source_system'] %}
{%- set without_a_profile -%}
    not exists (
        select 1 from {{ ref('input__customers') }} as profiles
        where
            profiles.organization_id = keys.organization_id
            and profiles.customer_id = keys.customer_id
    )
{%- endset %}

with profiles as (
    select
        organization_id,
        customer_id,
        min(source_system) as source_system
    from {{ ref('input__customers') }}
    group by organization_id, customer_id
),

-- Few are mentioned only, so who has a profile is left out before anything is counted.
mentions as (
    {% for name in [
        'input__appointments', 'input__sales', 'input__sale_lines', 'input__payments',
        'input__refunds', 'input__gift_card_events', 'input__packages', 'input__memberships',
        'input__loyalty_accounts'
    ] -%}
        {%- set relation = ref(name) -%}
        select
            mentions.organization_id,
            mentions.customer_id,
            mentions.source_system,
            -- A public payment names its ticket's client, whom the ticket mentions too.
            {{ "true" if name == 'input__payments' else "false" }} as is_payment
        from
            {{ client_history(
                relation, published[name], columns, clients=without_a_profile
            ) if name in published else relation }} as mentions
        left join profiles
            on
                mentions.organization_id = profiles.organization_id
                and mentions.customer_id = profiles.customer_id
        where mentions.customer_id is not null and profiles.customer_id is null
        {{ "union all" if not loop.last }}
    {% endfor %}
),

mentioned as (
    select
        organization_id,
        customer_id,
        coalesce(
            min(source_system) filter (where not is_payment), min(source_system)
        ) as source_system
    from mentions
    group by organization_id, customer_id
),

customers as (
    select * from profiles
    union all
    select * from mentioned
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
        customers.organization_id,
        customers.customer_id,
        customers.source_system
    from customers
    left join nobodies
        on
            customers.organization_id = nobodies.organization_id
            and customers.customer_id = nobodies.customer_id
    where
        nobodies.customer_id is null
        and {{ is_in_scope('customers', 'customers', ['customer_id']) }}
)

select * from final
