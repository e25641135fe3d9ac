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
    The published currencies, the main one first, of clients whose money is not new: continues the query
    of int_customer_currencies_used. Whoever bought or paid nothing has the currency of their home there,
    which their profile names. None before the first publication.
-#}
{% macro union_published_currencies() -%}
    {%- if is_published('customer_analytics') %}
    union all
    select
        known.organization_id,
        known.customer_id,
        used.currency,
        'published' as basis,
        cast(null as bigint) as uses,
        used.currency_rank
    from {{ published_clients_without('has_new_money', 'known') }}
    cross join lateral unnest(
        known.currency || coalesce(known.other_currencies, array[]::text[])
    ) with ordinality as used (currency, currency_rank)
    {%- endif %}
{%- endmacro %}

{#-
    A query of the clients in scope, and of what is to be counted anew of them: everything of whoever is
    new or was read whole for a merge, or whose profile is new. Nobody where organizations are rebuilt
    whole.
-#}
{% macro customer_news(bookings, services, lines, payments, refunds, ids) -%}
    {%- if not is_published('customer_analytics') %}
    select
        organization_id,
        customer_id,
        {%- for news in ['bookings', 'visits', 'money', 'spend'] %}
        true as has_new_{{ news }}{{ "," if not loop.last }}
        {%- endfor %}
    from {{ ids }}
    where false
    {%- else %}
    select
        keys.organization_id,
        keys.customer_id,
        everything.is_new
        or coalesce(changed.is_booking, false)
        -- Days since one they missed go on.
        or coalesce(known.no_show_bookings, 0) > 0 and exists (
            select 1 from scope.new_days as days
            where days.organization_id = keys.organization_id
        ) as has_new_bookings,
        everything.is_new or coalesce(changed.is_visit, false) as has_new_visits,
        everything.is_new or coalesce(changed.is_money, false) as has_new_money,
        everything.is_new or coalesce(changed.is_money, false) or keys.has_leaving_spend
            as has_new_spend
    from scope.customers as keys
    left join {{ public_table(public_node('customer_analytics')) }} as known
        on
            keys.organization_id = known.organization_id
            and keys.customer_id = known.customer_id
    left join (
        select
            organization_id,
            customer_id,
            bool_or(is_booking) as is_booking,
            bool_or(is_visit) as is_visit,
            bool_or(is_money) as is_money
        from (
            {%- for built, public_name, is_booking, is_visit, is_money in [
                (bookings, 'appointments', 'true', 'changed.is_attended', 'false'),
                (services, 'appointment_services', 'true', 'changed.is_attended', 'false'),
                (lines, 'sale_lines', 'false', 'true', 'true'),
                (payments, 'payments', 'false', 'false', 'true'),
                (refunds, 'refunds', 'false', 'false', 'true')
            ] %}
            {{ changed_rows(built, public_name, [
                'changed.organization_id',
                'changed.customer_id',
                is_booking ~ ' as is_booking',
                is_visit ~ ' as is_visit',
                is_money ~ ' as is_money'
            ]) }}
            {{ "union all" if not loop.last }}
            {%- endfor %}
        ) as changed_rows
        group by organization_id, customer_id
    ) as changed
        on
            keys.organization_id = changed.organization_id
            and keys.customer_id = changed.customer_id
            and keys.is_changed
    cross join lateral (
        select
            keys.is_changed
            and (
                keys.has_new_ids
                or known.customer_id is null
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
                )
            ) as is_new
    ) as everything
    {%- endif %}
{%- endmacro %}
