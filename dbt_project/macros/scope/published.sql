{#-
    The rows of a public table that a pass over keys leaves as they are, in organizations that it
    touches. With the rows it builds they are what readers will see.
-#}
{% macro published_outside_scope(name, alias) -%}
    {{ return(adapter.dispatch('published_outside_scope', 'chairside')(name, alias)) }}
{%- endmacro %}
{% macro default__published_outside_scope(name, alias) -%}
    {%- set node = public_node(name) -%}
    (
        select public.*
        from {{ public_table(node) }} as public
        where
            exists (
                select 1 from scope.touched_organizations as touched
                where touched.organization_id = public.organization_id
            )
            and not {{ is_recomputed(node, 'public') }}
    ) as {{ alias }}
{%- endmacro %}
{% macro spark__published_outside_scope(name, alias) -%}
    (select * from {{ public_table(public_node(name)) }} where false) as {{ alias }}
{%- endmacro %}

{#-
    Whether models need what is published beside what they build: in a pass over keys. A table of an
    older definition does not serve; everything is rebuilt whole then, so a refresh that recomputes
    keys has published all tables by these definitions.
-#}
{% macro is_published(name) -%}
    {%- if rebuilds_organizations() -%}
        {{ return(false) }}
    {%- endif -%}
    {%- if is_told_what_to_recompute() -%}
        {{ return(true) }}
    {%- endif -%}
    {%- set node = public_node(name) -%}
    {%- set public = adapter.get_relation(
        database=node.database,
        schema=node.config.meta['published_schema'],
        identifier=node.alias
    ) -%}
    {%- if public is none -%}
        {{ return(false) }}
    {%- endif -%}
    {%- set columns = adapter.get_columns_in_relation(public) | map(attribute='name') | list -%}
    {{ return(node.columns | reject('in', columns) | list | length == 0) }}
{%- endmacro %}

{% macro public_node(name) -%}
    {{ return(graph.nodes['model.' ~ project_name ~ '.' ~ name]) }}
{%- endmacro %}

{#-
    Whether a pass builds the row that stands in a public table: by the scope that the model's meta
    names, as {keys: <table of schema scope>, columns: [...]}; `touched_organizations` are all rows
    of organizations touched, and without a scope it is the whole table.
-#}
{% macro is_recomputed(node, relation) -%}
    {%- set scope = node.config.meta.get('scope') -%}
    {%- if not scope -%}
        true
    {%- elif scope['keys'] == 'touched_organizations' -%}
        exists (
            select 1 from scope.touched_organizations as touched
            where touched.organization_id = {{ relation }}.organization_id
        )
    {%- else -%}
        {{ is_in_scope(relation, scope['keys'], scope['columns'], scope.get('condition', 'true')) }}
    {%- endif -%}
{%- endmacro %}

{#- The public rows that publishing compares with built ones, found by their keys. -#}
{% macro compared_rows(node, public) -%}
    {%- set scope = node.config.meta.get('scope') -%}
    {%- if not scope -%}
        select old.* from {{ public }} as old
    {%- elif scope['keys'] == 'touched_organizations' or rebuilds_organizations() -%}
        select old.*
        from scope.touched_organizations as keys
        inner join {{ public }} as old on keys.organization_id = old.organization_id
    {%- else -%}
        select old.*
        from scope.{{ scope['keys'] }} as keys
        inner join {{ public }} as old
            on
                keys.organization_id = old.organization_id
                {%- for column in scope['columns'] %}
                and keys.{{ column }} = old.{{ column }}
                {%- endfor %}
                and {{ scope.get('compared', scope.get('condition', 'true')) }}
    {%- endif -%}
{%- endmacro %}

{#-
    Whether publishing compares a built row: all, or those that the scope in the model's meta names
    as `compared`, where others are built for the sake of their day alone.
-#}
{% macro is_compared(node, relation) -%}
    {%- set scope = node.config.meta.get('scope') -%}
    {%- if scope and scope.get('compared') -%}
        {{ is_in_scope(relation, scope['keys'], scope['columns'], scope['compared']) }}
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}

{#-
    The public rows of organizations that a pass over keys touches, replaced or not: what was listed
    because some row, perhaps out of scope, names it. An organization whose rows may have dropped a
    name is rebuilt whole.
-#}
{% macro published_elsewhere(name, alias) -%}
    (
        select public.*
        from scope.touched_organizations as touched
        inner join {{ public_table(public_node(name)) }} as public
            on touched.organization_id = public.organization_id
    ) as {{ alias }}
{%- endmacro %}

{#- Whether a name is that of a model whose rows are published. -#}
{% macro is_public_model(name) -%}
    {%- if not execute -%}
        {{ return(false) }}
    {%- endif -%}
    {%- set node = graph.nodes.get('model.' ~ project_name ~ '.' ~ name) -%}
    {{ return(node is not none and node.config.meta.get('published_schema') is not none) }}
{%- endmacro %}

{#-
    The months in scope of a table by location and day, as readers will see them when this pass is
    published: the built rows and the public ones that stay as they are. For tests.
-#}
{% macro months_as_they_will_be(name, alias) -%}
    {%- if is_published(name) -%}
        {%- set node = public_node(name) -%}
        {%- set columns = node.columns | list -%}
        (
            select {{ columns | join(', ') }}
            from {{ built_table(node) }}
            union all
            select {{ list_columns('public', columns) }}
            from scope.months as months
            inner join {{ public_table(node) }} as public
                on
                    months.organization_id = public.organization_id
                    and months.location_id = public.location_id
                    and months.month_start_date <= public.business_date
                    and {{ dbt.dateadd('month', 1, 'months.month_start_date') }}
                    > public.business_date
            where not {{ is_recomputed(node, 'public') }}
        ) as {{ alias }}
    {%- else -%}
        {{ ref(name) }} as {{ alias }}
    {%- endif -%}
{%- endmacro %}

{#-
    And no public row that this pass leaves as it is meets a condition either: what a test that
    misses a row among the built ones asks next.
-#}
{% macro and_no_public_row(name, alias, condition) -%}
    {%- if is_public_model(name) and is_published(name) -%}
        {%- set node = public_node(name) -%}
        and not exists (
            select 1 from {{ public_table(node) }} as {{ alias }}
            where {{ condition }} and not {{ is_recomputed(node, alias) }}
        )
    {%- endif -%}
{%- endmacro %}
