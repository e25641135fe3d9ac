{#-
    Changes a table that people read, when nobody does. Each try waits for a moment only, so that
    readers who come meanwhile are not held up behind it; between tries it rests. Whoever only sits
    in an open transaction is asked to leave after a while; a query that works is waited for.

    CHAIRSIDE_STRUCTURE_PATIENCE and CHAIRSIDE_READER_IDLE_LIMIT are the limits.
-#}
{% macro change_structure_sql(table_name, statements) -%}
do $align$
declare
    gives_up_at constant timestamptz := clock_timestamp()
    + interval {{ quoted_text(env_var('CHAIRSIDE_STRUCTURE_PATIENCE', '10 minutes')) }};
begin
    perform set_config('lock_timeout', '50ms', true);
    loop
        begin
            execute $change$ {{ statements }} $change$;
            return;
        exception when lock_not_available then
            if clock_timestamp() > gives_up_at then
                raise exception using
                    message = format(
                        '%s must change its structure, and others use it: %s.',
                        {{ quoted_text(table_name) }}, {{ table_users_sql(table_name) }}
                    ),
                    hint = 'End these transactions; the next refresh tries again. Nothing was published.';
            end if;
        end;
        {{ end_idle_users_sql(table_name) }}
        perform pg_sleep(0.5);
    end loop;
end
$align$
{%- endmacro %}

{#- Sessions that hold any lock on a table, in words. -#}
{% macro table_users_sql(table_name) -%}
(
    select string_agg(format(
        'session %s of %s (%s), %s since %s',
        pid, usename, application_name, state, date_trunc('second', state_change)
    ), ', ' order by pid)
    from pg_catalog.pg_stat_activity
    where pid in ({{ lock_holders_sql(table_name) }})
)
{%- endmacro %}

{#- Ends the transactions that do nothing on a table for too long, as the role bi_reader's own limit does. -#}
{% macro end_idle_users_sql(table_name) -%}
begin
    perform pg_stat_clear_snapshot();
    perform pg_terminate_backend(pid)
    from pg_catalog.pg_stat_activity
    where pid in ({{ lock_holders_sql(table_name) }})
        and state like 'idle in transaction%'
        and state_change < clock_timestamp()
        - interval {{ quoted_text(env_var('CHAIRSIDE_READER_IDLE_LIMIT', '1 minute')) }}
        and application_name not like 'chairside%' and application_name <> 'dbt';
exception when insufficient_privilege then
    raise notice 'the sessions that use % belong to a role that this one may not end',
        {{ quoted_text(table_name) }};
end;
{%- endmacro %}

{% macro lock_holders_sql(table_name) -%}
select locks.pid
from pg_catalog.pg_locks as locks
inner join pg_catalog.pg_database as databases on locks.database = databases.oid
where locks.relation = to_regclass({{ quoted_text(table_name) }})
    and locks.granted and locks.pid <> pg_backend_pid()
    and databases.datname = current_database()
{%- endmacro %}

{#-
    Fills a column anew, which stops no reader. Values that cannot be brought to a new type stay
    empty until the rows are published.
-#}
{% macro fill_column_sql(table_name, statement) -%}
do $fill$
begin
    execute $change$ {{ statement }} $change$;
exception when data_exception or cannot_coerce or datatype_mismatch then
    raise notice 'old values of % do not fit: %', {{ quoted_text(table_name) }}, sqlerrm;
end
$fill$
{%- endmacro %}
