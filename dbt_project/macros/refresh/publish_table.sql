{#- The statements that bring the rows of one public table up to its built one. -#}
{% macro publish_table_sql(node) -%}
    {%- set built = built_table(node) -%}
    {%- set public = public_table(node) -%}
    {%- set key = primary_key_columns(node) -%}
    {%- set columns = adapter.get_columns_in_relation(built) | map(attribute='quoted') | list -%}
{{ create_missing_table_sql(node) }}
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
