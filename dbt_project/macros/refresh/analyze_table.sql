{#-
    Tells the planner what a freshly built table holds, as the post-hook of every model and seed.
    Without it joins of new tables are planned blind, and nested loops take hours.
-#}
{% macro analyze_table() -%}
    {%- if model.config.materialized in ('table', 'seed') -%}
        {{ return(adapter.dispatch('analyze_table', 'chairside')()) }}
    {%- endif -%}
{%- endmacro %}
{% macro default__analyze_table() -%}
    analyze {{ this }}
{%- endmacro %}
{% macro spark__analyze_table() -%}
    analyze table {{ this }} compute statistics for all columns
{%- endmacro %}
