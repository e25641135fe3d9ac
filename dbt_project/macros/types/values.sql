{#- The first value that is known, by a whole-number rank that orders the rows of a group. -#}
{% macro first_known(value, rank) -%}
    {{ return(adapter.dispatch('first_known', 'chairside')(value, rank)) }}
{%- endmacro %}
{% macro default__first_known(value, rank) -%}
    (array_agg({{ value }} order by {{ rank }}) filter (where {{ value }} is not null))[1]
{%- endmacro %}
{% macro spark__first_known(value, rank) -%}
    min_by({{ value }}, {{ rank }}) filter (where {{ value }} is not null)
{%- endmacro %}

{#- A JSON object of the given names and SQL values, NULLs kept. -#}
{% macro json_object(values) -%}
    {{ return(adapter.dispatch('json_object', 'chairside')(values)) }}
{%- endmacro %}
{% macro default__json_object(values) -%}
    jsonb_build_object(
        {%- for name, value in values.items() %}'{{ name }}', {{ value }}{{ ", " if not loop.last }}
        {%- endfor -%}
    )
{%- endmacro %}
{% macro spark__json_object(values) -%}
    to_json(named_struct(
        {%- for name, value in values.items() %}'{{ name }}', {{ value }}{{ ", " if not loop.last }}
        {%- endfor -%}
    ), map('ignoreNullFields', 'false'))
{%- endmacro %}

{#- A mapping of names to a relation's columns of those names, as json_object takes it. -#}
{% macro prefixed(relation, names, column_prefix='') -%}
    {%- set columns = {} -%}
    {%- for name in names -%}
        {%- do columns.update({name: relation ~ '.' ~ column_prefix ~ name}) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}
