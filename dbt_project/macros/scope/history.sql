{#-
    All rows of the clients in scope: those that this pass builds and, of a public table, those that
    it leaves as they are, found by client. So clients are counted from their whole history, of which
    only what changed is built. Where organizations are rebuilt whole it is what is built.

    `columns` must have the same names in both; `clients` chooses among the clients in scope, as
    `keys`, and `published` among the public rows, as `public`.
-#}
{% macro client_history(built, public_name, columns, clients='true', published='true') -%}
    {%- if not is_published(public_name) -%}
        {{ built }}
    {%- else -%}
        {%- set node = public_node(public_name) -%}
        (
            select {{ list_columns('built', columns) }}
            from scope.customers as keys
            inner join {{ built }} as built
                on
                    keys.organization_id = built.organization_id
                    and keys.customer_id = built.customer_id
            where {{ clients }}
            union all
            select {{ list_columns('public', columns) }}
            from scope.customers as keys
            inner join {{ public_table(node) }} as public
                on
                    keys.organization_id = public.organization_id
                    and keys.customer_id = public.customer_id
            where {{ clients }} and {{ published }} and not {{ is_replaced(node, 'public') }}
        )
    {%- endif -%}
{%- endmacro %}

{#- The lines of every ticket on which a client in scope has one, whomever the others are for. -#}
{% macro client_ticket_lines(built, columns) -%}
    {%- if not is_published('sale_lines') -%}
        {{ built }}
    {%- else -%}
        {%- set node = public_node('sale_lines') -%}
        (
            select {{ list_columns('built', columns) }}
            from {{ built }} as built
            union all
            select {{ list_columns('public', columns) }}
            from (
                select distinct
                    named.organization_id,
                    named.sale_id
                from scope.customers as clients
                inner join {{ public_table(node) }} as named
                    on
                        clients.organization_id = named.organization_id
                        and clients.customer_id = named.customer_id
            ) as tickets
            inner join {{ public_table(node) }} as public
                on
                    tickets.organization_id = public.organization_id
                    and tickets.sale_id = public.sale_id
            where not {{ is_replaced(node, 'public') }}
        )
    {%- endif -%}
{%- endmacro %}

{#-
    Of the visits that this pass puts together, those that are whole: of days in scope, of which
    every row is read, and of clients whose rows have all been read.
-#}
{% macro is_whole_visit(visits) -%}
    (
        {{ visits }}.customer_id is null
        or {{ is_in_scope(visits, 'customers', ['customer_id'], 'keys.has_new_ids') }}
        or {{ is_in_scope(visits, 'customers', ['customer_id'], 'keys.is_changed') }}
        and {{ is_of_a_day_in_scope(visits) }}
    )
{%- endmacro %}

{#-
    The published visits of clients with a new fact that no such fact can have changed, which are
    numbered again with those that it has: continues the query of int_visits.
-#}
{% macro union_other_visits(columns) -%}
    {%- if is_published('visits') %}
    union all
    select {{ list_columns('public', columns) }}
    from scope.customers as keys
    inner join {{ public_table(public_node('visits')) }} as public
        on
            keys.organization_id = public.organization_id
            and keys.customer_id = public.customer_id
    where
        keys.is_changed
        and not keys.has_new_ids
        and not {{ is_of_a_day_in_scope('public') }}
    {%- endif %}
{%- endmacro %}

{% macro is_of_a_day_in_scope(visits) -%}
    {{ is_in_scope(visits, 'days', {'location_id': 'location_id', 'business_date': 'visit_date'}) }}
{%- endmacro %}
