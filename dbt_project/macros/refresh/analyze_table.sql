{#-
    Tells the planner what a freshly filled table holds, as the post-hook of every model and seed.
    Without it joins of new tables are planned blind, and nested loops take hours. A sample of a
    quarter of the usual size tells as much about keys and costs a third. Autovacuum would do it all
    over again beside the build, for tables that are never changed in place.
-#}
{% macro analyze_table() -%}
    {%- if model.config.materialized in ('table', 'seed') -%}
        {{ return(adapter.dispatch('analyze_table', 'chairside')()) }}
    {%- endif -%}
{%- endmacro %}
{% macro default__analyze_table() -%}
    {%- if model.config.materialized == 'table' and makes_tables_anew() %}
    alter table {{ this }} set (autovacuum_enabled = false);
    {%- endif %}
    set local default_statistics_target = 25;
    analyze {{ this }}
{%- endmacro %}
{% macro spark__analyze_table() -%}
    analyze table {{ this }} compute statistics for all columns
{%- endmacro %}
