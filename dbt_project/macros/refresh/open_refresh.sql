{#-
    Gives a bare `dbt build` or `dbt run` its row in ops.refreshes, and with it the clock that models
    read. A refresh that Dagster opened is left alone; so is a run that builds nothing.
-#}
{% macro open_refresh() -%}
    {%- if execute and flags.WHICH in ('build', 'run') and not publish_is_deferred() -%}
        {%- do run_query(
            "update ops.refreshes set status = 'failed', error = 'abandoned: its dbt is gone', "
            ~ "finished_at = clock_timestamp() "
            ~ "where status = 'running' and triggered_by = 'dbt'"
        ) -%}
        {%- set running = run_query(
            "select refresh_id, triggered_by, started_at from ops.refreshes where status = 'running'"
        ) -%}
        {%- if running.rows | length > 0 -%}
            {{ exceptions.raise_compiler_error(
                "Refresh " ~ running.rows[0][0] ~ ", started by " ~ running.rows[0][1] ~ " at "
                ~ running.rows[0][2] ~ ", is still running. Wait for it, or see `chairside status`."
            ) }}
        {%- endif -%}
        {%- do run_query(
            "insert into ops.refreshes (status, as_of, through_load_id, triggered_by) "
            ~ "select 'running', clock_timestamp(), max(load_id), 'dbt' "
            ~ "from ops.loads where status = 'succeeded'"
        ) -%}
    {%- endif -%}
{%- endmacro %}

{#- Whether somebody else opens, publishes and closes this refresh: Dagster does. -#}
{% macro publish_is_deferred() -%}
    {{ return(env_var('CHAIRSIDE_PUBLISH', 'at_end') == 'deferred') }}
{%- endmacro %}
