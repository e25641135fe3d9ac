{#-
    Gives a bare `dbt build` its row in ops.refreshes, and with it the clock that models read. A
    refresh that Dagster opened is left alone. A build of some models, or one without tests, has
    nothing to publish: its models read the clock of the refresh published last.
-#}
{% macro open_refresh() -%}
    {%- if execute and flags.WHICH in ('build', 'run') and not publish_is_deferred() -%}
        {%- if is_whole_build() -%}
            {%- do refuse_a_second_refresh() -%}
            {%- do run_query(
                "insert into ops.refreshes (status, as_of, through_load_id, triggered_by) "
                ~ "select 'running', clock_timestamp(), max(load_id), 'dbt' "
                ~ "from ops.loads where status = 'succeeded'"
            ) -%}
            {%- do run_query(put_everything_in_scope_sql()) -%}
        {%- elif run_query("select 1 from ops.refresh_context").rows | length == 0 -%}
            {{ exceptions.raise_compiler_error(
                "Nothing has been published yet, so models have no clock to read. "
                ~ "Build everything once: `chairside refresh`, or `dbt build` without a selection."
            ) }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{#-
    Whether a session holds the lock of orchestration/refresh/lock.py; one that says it runs and
    holds none was killed.
-#}
{% macro refresh_lock_is_held() -%}
    exists (
        select 1
        from pg_catalog.pg_locks as locks
        inner join pg_catalog.pg_database as databases on locks.database = databases.oid
        where
            locks.locktype = 'advisory'
            and locks.granted
            and (locks.classid, locks.objid, locks.objsubid) = (7302, 1, 2)
            and databases.datname = current_database()
    )
{%- endmacro %}

{#- Whether somebody else opens, publishes and closes this refresh: Dagster does. -#}
{% macro publish_is_deferred() -%}
    {{ return(env_var('CHAIRSIDE_PUBLISH', 'at_end') == 'deferred') }}
{%- endmacro %}

{#- Whether every public table is built and tested by this command; only then is there a whole to publish. -#}
{% macro is_whole_build() -%}
    {%- set left_out = [] -%}
    {%- for node in publishable_nodes() if node.unique_id not in selected_resources -%}
        {%- do left_out.append(node.name) -%}
    {%- endfor -%}
    {{ return(flags.WHICH == 'build' and not left_out) }}
{%- endmacro %}

{#- Closes what a dead process left running, and stops where a refresh is really at work. -#}
{% macro refuse_a_second_refresh() -%}
    {%- do run_query(
        "update ops.refreshes set status = 'failed', error = 'abandoned: its process is gone', "
        ~ "finished_at = clock_timestamp() "
        ~ "where status = 'running' and (triggered_by = 'dbt' or not "
        ~ refresh_lock_is_held() ~ ")"
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
{%- endmacro %}

{#- A bare dbt recomputes every organization in one pass. -#}
{% macro put_everything_in_scope_sql() -%}
    {%- set tables = run_query(
        "select tablename from pg_catalog.pg_tables where schemaname = 'scope'"
    ).columns[0].values() -%}
truncate {% for table in tables %}scope.{{ table }}{{ ", " if not loop.last }}{% endfor %};
insert into ops.organization_states (organization_id, stale_because)
select distinct ids.organization_id, 'new'
from ops.organization_ids() as ids (organization_id)
on conflict (organization_id) do nothing;
insert into scope.organizations select organization_id from ops.organization_states;
insert into scope.touched_organizations select organization_id from scope.organizations;
insert into scope.loads
select load_id from ops.loads where status = 'succeeded' and refresh_id is null;
insert into scope.pass (refresh_id, as_of, is_first, is_last)
select refresh_id, as_of, true, true from ops.refreshes where status = 'running';
analyze scope.organizations;
analyze scope.touched_organizations;
{%- endmacro %}
