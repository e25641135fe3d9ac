{#-
    Puts clients in scope whose tier or rank others have moved: their public rows are replaced by
    themselves with the new tier and segments.
-#}
{% macro put_moved_clients_in_scope(values) -%}
    {%- if not rebuilds_organizations() %}
    insert into scope.customers (organization_id, customer_id, is_published, is_moved)
    select organization_id, customer_id, false, true
    from {{ values }}
    where not is_built
    on conflict (organization_id, customer_id) do update set is_moved = true
    {%- endif %}
{%- endmacro %}

{#-
    The published clients of organizations in scope that this pass does not count, among whom those
    it counts are ranked in int_customer_value: continues its query. None before the first
    publication.
-#}
{% macro union_known_values() -%}
    {%- if is_published('customer_analytics') %}
    union all
    select
        known.organization_id,
        known.customer_id,
        known.currency,
        known.net_lifetime_minor,
        known.net_12m_minor,
        known.tickets,
        known.baseline_lifetime_value_minor,
        known.days_since_last_visit,
        known.overdue_ratio,
        false as is_built,
        known.value_tier as known_tier,
        known.is_top_expected_value as was_top_expected_value,
        known.is_top_spend as was_top_spend
    from {{ published_elsewhere('customer_analytics', 'known') }}
    where
        known.net_lifetime_minor is not null
        and not {{ is_in_scope('known', 'customers', ['customer_id'], 'keys.is_published') }}
    {%- endif %}
{%- endmacro %}

{#-
    The published rows of clients whom others' spend has moved, with the new tier and segment and
    nothing else new: continues the query of customer_analytics. None before the first publication.
-#}
{% macro union_moved_clients() -%}
    {%- if is_published('customer_analytics') %}
    union all
    select
        {%- for column in model.columns %}
        {% if column in ['value_tier', 'is_top_expected_value', 'is_top_spend'] -%}
        value_ranks.{{ column }}
        {%- elif column == 'primary_segment' -%}
        segments.segment as primary_segment
        {%- elif column == 'updated_at' -%}
        {{ refreshed_at() }} as updated_at
        {%- else -%}
        known.{{ column }}
        {%- endif -%}
        {{ "," if not loop.last }}
        {%- endfor %}
    from {{ ref('int_customer_value') }} as value_ranks
    inner join {{ public_table(public_node('customer_analytics')) }} as known
        on
            value_ranks.organization_id = known.organization_id
            and value_ranks.customer_id = known.customer_id
    {{ join_customer_facts(ref('int_customer_segment_members'), 'value_ranks', 'segments') }}
    and segments.is_primary
    where not value_ranks.is_built
    {%- endif %}
{%- endmacro %}

{#-
    The published currencies, the main one first, of clients of whom no ticket, payment or refund is
    new: continues the query of int_customer_currencies_used. Whoever bought or paid nothing has the
    currency of their home there, which their profile names. None before the first publication.
-#}
{% macro union_published_currencies(those_with_news) -%}
    {%- if is_published('customer_analytics') %}
    union all
    select
        known.organization_id,
        known.customer_id,
        used.currency,
        'published' as basis,
        cast(null as bigint) as uses,
        used.currency_rank
    from {{ published_clients_but(those_with_news, 'known') }}
    cross join lateral unnest(
        known.currency || coalesce(known.other_currencies, array[]::text[])
    ) with ordinality as used (currency, currency_rank)
    {%- endif %}
{%- endmacro %}

{#-
    A query of the clients in scope of whom something is new, and which of their facts it can have
    changed. One whose rows have all been read, who is new or whose profile is, has everything new.
    None where organizations are rebuilt whole.
-#}
{% macro customer_news(attended, lines, payments, refunds, ids) -%}
    {%- if not is_published('customer_analytics') %}
    select
        organization_id,
        customer_id,
        true as has_new_visits,
        true as has_new_money
    from {{ ids }}
    where false
    {%- else %}
    select
        keys.organization_id,
        keys.customer_id,
        everything.is_new
        or come.customer_id is not null
        or bought.customer_id is not null as has_new_visits,
        everything.is_new
        or bought.customer_id is not null
        or paid.customer_id is not null as has_new_money
    from scope.customers as keys
    cross join lateral (
        select
            keys.has_new_ids
            or not exists (
                select 1 from {{ public_table(public_node('customer_analytics')) }} as known
                where
                    keys.organization_id = known.organization_id
                    and keys.customer_id = known.customer_id
            )
            or exists (
                select 1
                from scope.row_versions as versions
                inner join {{ ids }} as ids
                    on
                        versions.organization_id = ids.organization_id
                        and versions.key = ids.source_customer_id
                where
                    versions.entity = 'customers'
                    and keys.organization_id = ids.organization_id
                    and keys.customer_id = ids.customer_id
            ) as is_new
    ) as everything
    left join (
        {%- for built, public_name in attended %}
        {{ clients_in_changed_rows(built, public_name, 'changed.is_attended') }}
        {{ "union" if not loop.last }}
        {%- endfor %}
    ) as come
        on
            keys.organization_id = come.organization_id
            and keys.customer_id = come.customer_id
    left join (
        {{ clients_in_changed_rows(lines, 'sale_lines') }}
    ) as bought
        on
            keys.organization_id = bought.organization_id
            and keys.customer_id = bought.customer_id
    left join (
        {{ clients_in_changed_rows(payments, 'payments') }}
        union
        {{ clients_in_changed_rows(refunds, 'refunds') }}
    ) as paid
        on
            keys.organization_id = paid.organization_id
            and keys.customer_id = paid.customer_id
    where keys.is_changed
    {%- endif %}
{%- endmacro %}
