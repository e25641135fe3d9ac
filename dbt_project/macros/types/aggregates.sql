{#- The distinct values of a group as a sorted array. -#}
{% macro sorted_array(value) -%}
    {{ return(adapter.dispatch('sorted_array', 'chairside')(value)) }}
{%- endmacro %}
{% macro default__sorted_array(value) -%}
    array_agg(distinct {{ value }} order by {{ value }})
{%- endmacro %}
{% macro spark__sorted_array(value) -%}
    sort_array(collect_set({{ value }}))
{%- endmacro %}

{#- The median of a group's values, NULLs left out. -#}
{% macro median(value) -%}
    percentile_cont(0.5) within group (order by {{ value }})
{%- endmacro %}
