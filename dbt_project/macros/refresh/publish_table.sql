{#- The statements that bring one public table up to its built one. -#}
{% macro publish_table_sql(node) -%}
    {%- set built = api.Relation.create(
        database=node.database, schema=node.schema, identifier=node.alias, type='table'
    ) -%}
    {%- set public = api.Relation.create(
        database=node.database,
        schema=node.config.meta['published_schema'],
        identifier=node.alias,
        type='table'
    ) -%}
    {%- set key = primary_key_columns(node) -%}
    {%- set columns = adapter.get_columns_in_relation(built) | map(attribute='quoted') | list -%}
create schema if not exists {{ public.schema }};
create table if not exists {{ public }} (like {{ built }} including all);
comment on table {{ public }} is {{ dbt.string_literal(dbt.escape_single_quotes(node.description)) }};
{{ align_columns_sql(built, public) }}
{{ add_missing_indexes_sql(built, public) }}
{{ merge_differing_rows_sql(node, built, public, key, columns) }}
{%- endmacro %}

{#- The columns of the primary key that the model's contract declares. -#}
{% macro primary_key_columns(node) -%}
    {%- for constraint in node.constraints if constraint.type == 'primary_key' -%}
        {{ return(constraint.columns | map('lower') | map('tojson') | list) }}
    {%- endfor -%}
    {{ exceptions.raise_compiler_error(
        node.name ~ " is published but declares no primary key: add a model-level constraint in "
        ~ node.patch_path
    ) }}
{%- endmacro %}

{#- Adds, retypes and drops columns where the model's definition has changed since the last publish. -#}
{% macro align_columns_sql(built, public) -%}
    {%- set old = {} -%}
    {%- set new = {} -%}
    {%- for column in adapter.get_columns_in_relation(public) -%}
        {%- do old.update({column.quoted: column.data_type}) -%}
    {%- endfor -%}
    {%- for column in adapter.get_columns_in_relation(built) -%}
        {%- do new.update({column.quoted: column.data_type}) -%}
    {%- endfor -%}
    {%- if old -%}
        {%- for name, data_type in new.items() if name not in old %}
alter table {{ public }} add column {{ name }} {{ data_type }};
        {%- endfor -%}
        {%- for name, data_type in new.items() if name in old and old[name] != data_type %}
alter table {{ public }} alter column {{ name }} type {{ data_type }}
using {{ name }}::{{ data_type }};
        {%- endfor -%}
        {%- for name in old if name not in new %}
alter table {{ public }} drop column {{ name }};
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

{#- Adds indexes that the model gained since its public table was made; indexes of others stay. -#}
{% macro add_missing_indexes_sql(built, public) -%}
    {%- set shape = "regexp_replace(indexdef, '^CREATE( UNIQUE)? INDEX .* ON [^ ]+ USING', '')" -%}
    {%- set kind = "substring(indexdef from '^CREATE( UNIQUE)? INDEX')" -%}
    {%- set missing = run_query(
        "select " ~ kind ~ ", " ~ shape ~ " from pg_indexes"
        ~ " where schemaname = '" ~ built.schema ~ "' and tablename = '" ~ built.identifier ~ "'"
        ~ " and exists (select 1 from pg_tables where schemaname = '" ~ public.schema
        ~ "' and tablename = '" ~ public.identifier ~ "')"
        ~ " and " ~ shape ~ " not in (select " ~ shape ~ " from pg_indexes where schemaname = '"
        ~ public.schema ~ "' and tablename = '" ~ public.identifier ~ "')"
    ) -%}
    {%- for index in missing.rows %}
create{{ (index[0] or '') | lower }} index on {{ public }} using{{ index[1] }};
    {%- endfor -%}
{%- endmacro %}

{#- One statement that deletes, updates and inserts only rows that differ, and logs how many. -#}
{% macro merge_differing_rows_sql(node, built, public, key, columns) -%}
    {%- set compared = columns | reject('in', key + ['"updated_at"']) | list -%}
    {%- set same_key -%}
        {%- for column in key -%}
            {{ " and " if not loop.first }}old.{{ column }} = new.{{ column }}
        {%- endfor -%}
    {%- endset -%}
with started as materialized (
    select clock_timestamp() as started_at
),
changed as materialized (
    select new.*, old.{{ key[0] }} is null as is_new
    from {{ built }} as new
    left join {{ public }} as old on {{ same_key }}
    where
        old.{{ key[0] }} is null
        {%- if compared %}
        or ({% for column in compared %}new.{{ column }}{{ ", " if not loop.last }}{% endfor %})
        is distinct from ({% for column in compared %}old.{{ column }}{{ ", " if not loop.last }}{% endfor %})
        {%- endif %}
),
deleted as (
    delete from {{ public }} as old
    where not exists (select 1 from {{ built }} as new where {{ same_key }})
    returning 1
),
updated as (
    update {{ public }} as old
    set {% for column in columns | reject('in', key) %}{{ column }} = new.{{ column }}{{ ", " if not loop.last }}{% endfor %}
    from changed as new
    where not new.is_new and {{ same_key }}
    returning 1
),
inserted as (
    insert into {{ public }} ({{ columns | join(', ') }})
    select {{ columns | join(', ') }} from changed where is_new
    returning 1
)
insert into ops.refresh_steps (
    refresh_id, step_name, step_type, status, rows, rows_inserted, rows_updated, rows_deleted,
    started_at, finished_at, seconds
)
select
    refreshes.refresh_id,
    '{{ public.schema }}.{{ public.identifier }}',
    'publish',
    'succeeded',
    (select count(*) from {{ built }}),
    (select count(*) from inserted),
    (select count(*) from updated),
    (select count(*) from deleted),
    started.started_at,
    clock_timestamp(),
    extract(epoch from clock_timestamp() - started.started_at)
from ops.refreshes as refreshes
cross join started
where refreshes.status = 'running'
on conflict (refresh_id, step_type, step_name) do update set
    rows_inserted = excluded.rows_inserted,
    rows_updated = excluded.rows_updated,
    rows_deleted = excluded.rows_deleted;
{%- endmacro %}
