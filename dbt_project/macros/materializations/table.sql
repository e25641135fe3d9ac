{#-
    A table that is made anew, or filled anew where the refresh says that its definition is the one
    it was made by: an hour's rows do not pay for new columns, indexes and comments, nor leave dead
    rows in the catalogue. `--full-refresh`, and every bare dbt, makes it anew.
-#}
{% materialization table, adapter='postgres' %}
    {%- set existing = load_cached_relation(this) -%}
    {%- if makes_tables_anew() or existing is none or not existing.is_table -%}
        {{ return(dbt.materialization_table_default()) }}
    {%- endif -%}
    {%- set columns = model.columns if config.get('contract').enforced else [] -%}
    {% call statement('main') -%}
        truncate {{ existing }};
        insert into {{ existing }}{{ " (" ~ columns | join(', ') ~ ")" if columns }}
        select {{ columns | join(', ') if columns else '*' }}
        from (
            {{ sql }}
        ) as recomputed
    {%- endcall %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {% do adapter.commit() %}
    {{ return({'relations': [existing]}) }}
{% endmaterialization %}

{#- Whether this command makes tables anew wherever they are. -#}
{% macro makes_tables_anew() -%}
    {{ return(flags.FULL_REFRESH or not publish_is_deferred()) }}
{%- endmacro %}
