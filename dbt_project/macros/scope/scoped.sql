{#-
    Whether this pass of a refresh rebuilds organizations whole; else it recomputes keys, of
    organizations that are not. A pass does one of the two, so that the planner meets plain joins
    and not unions, of which it knows no statistics. A bare `dbt build` rebuilds everything.
-#}
{% macro rebuilds_organizations() -%}
    {%- if not execute or is_unit_test() or target.type != 'postgres' -%}
        {{ return(true) }}
    {%- endif -%}
    {%- if is_told_what_to_recompute() -%}
        {{ return(env_var('CHAIRSIDE_RECOMPUTES') == 'organizations') }}
    {%- endif -%}
    {#- A database without a warehouse, such as the one that linters compile against. -#}
    {%- if run_query("select to_regclass('scope.organizations') is null").rows[0][0] -%}
        {{ return(true) }}
    {%- endif -%}
    {{ return(run_query("select exists (select 1 from scope.organizations)").rows[0][0]) }}
{%- endmacro %}

{#- Whether a refresh runs dbt and says what it recomputes: `organizations` whole, or `keys`. -#}
{% macro is_told_what_to_recompute() -%}
    {{ return(env_var('CHAIRSIDE_RECOMPUTES', '') != '') }}
{%- endmacro %}

{#-
    The rows of a relation that this pass recomputes: those of organizations rebuilt whole, or those
    whose key is in one of the scope's tables. orchestration/refresh/scope fills them. Unit tests
    read what they are given.
-#}
{% macro scoped(relation, keys, key) -%}
    {{ return(adapter.dispatch('scoped', 'chairside')(relation, keys, key)) }}
{%- endmacro %}
{% macro default__scoped(relation, keys, key) -%}
    {%- if is_unit_test() -%}
        {{ relation }}
    {%- elif rebuilds_organizations() -%}
        (
            select sent.*
            from scope.organizations as whole
            inner join {{ relation }} as sent
                on whole.organization_id = sent.organization_id
        )
    {%- else -%}
        (
            select sent.*
            from scope.{{ keys }} as keys
            inner join {{ relation }} as sent
                on
                    keys.organization_id = sent.organization_id
                    and keys.{{ key }} = sent.{{ key }}
        )
    {%- endif -%}
{%- endmacro %}
{% macro spark__scoped(relation, keys, key) -%}
    {{ relation }}
{%- endmacro %}

{#- A table of keys that this pass recomputes, such as scope.months. -#}
{% macro keys_in_scope(keys) -%}
    scope.{{ keys }}
{%- endmacro %}

{#- The rows of a relation that belong to an organization of which anything is recomputed. -#}
{% macro of_touched_organizations(relation) -%}
    {{ return(adapter.dispatch('of_touched_organizations', 'chairside')(relation)) }}
{%- endmacro %}
{% macro default__of_touched_organizations(relation) -%}
    {%- if is_unit_test() -%}
        {{ relation }}
    {%- else -%}
        (
            select sent.*
            from scope.touched_organizations as touched
            inner join {{ relation }} as sent
                on touched.organization_id = sent.organization_id
        )
    {%- endif -%}
{%- endmacro %}
{% macro spark__of_touched_organizations(relation) -%}
    {{ relation }}
{%- endmacro %}

{#-
    Whether the key of a row is recomputed, and so published: true for all keys of an organization
    rebuilt whole. A row of history read for another key's sake is not whole itself. `columns` are
    the names that the scope's table and the relation share, or {name there: name here}.
-#}
{% macro is_in_scope(relation, keys, columns, condition='true') -%}
    {{ return(adapter.dispatch('is_in_scope', 'chairside')(relation, keys, columns, condition)) }}
{%- endmacro %}
{% macro default__is_in_scope(relation, keys, columns, condition) -%}
    {%- if rebuilds_organizations() -%}
        true
    {%- else -%}
        exists (
            select 1 from scope.{{ keys }} as keys
            where
                keys.organization_id = {{ relation }}.organization_id
                {%- for column in columns %}
                and keys.{{ column }} = {{ relation }}.{{ columns[column] if columns is mapping else column }}
                {%- endfor %}
                and {{ condition }}
        )
    {%- endif -%}
{%- endmacro %}
{% macro spark__is_in_scope(relation, keys, columns, condition) -%}
    true
{%- endmacro %}

{% macro is_unit_test() -%}
    {{ return(model.resource_type == 'unit_test') }}
{%- endmacro %}

{#- A query of the organizations of which anything is recomputed, whether a file describes them or not. -#}
{% macro touched_organization_ids(organizations) -%}
    {{ return(adapter.dispatch('touched_organization_ids', 'chairside')(organizations)) }}
{%- endmacro %}
{% macro default__touched_organization_ids(organizations) -%}
    {%- if is_unit_test() -%}
        select organization_id from {{ organizations }}
    {%- else -%}
        select organization_id from scope.touched_organizations
    {%- endif -%}
{%- endmacro %}
{% macro spark__touched_organization_ids(organizations) -%}
    select organization_id from {{ organizations }}
{%- endmacro %}

{#- A query of every organization that any raw row names. -#}
{% macro all_organization_ids(organizations) -%}
    {{ return(adapter.dispatch('all_organization_ids', 'chairside')(organizations)) }}
{%- endmacro %}
{% macro default__all_organization_ids(organizations) -%}
    {%- if is_unit_test() -%}
        select organization_id from {{ organizations }}
    {%- else -%}
        select organization_id from ops.organization_states
    {%- endif -%}
{%- endmacro %}
{% macro spark__all_organization_ids(organizations) -%}
    select organization_id from {{ organizations }}
{%- endmacro %}
