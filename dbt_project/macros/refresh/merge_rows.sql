{#-
    One statement that brings the public rows in scope up to the built ones, writing only rows that
    differ, and logs how many. A built row that is public outside the scope breaks the primary key,
    and with it the publication: the scope was too small.
-#}
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
replaced as materialized (
    {{ replaced_rows(node, public) }}
),
changed as materialized (
    select new.*, old.{{ key[0] }} is null as is_new
    from {{ built }} as new
    left join replaced as old on {{ same_key }}
    where
        old.{{ key[0] }} is null
        {%- if compared %}
        or ({% for column in compared %}new.{{ column }}{{ ", " if not loop.last }}{% endfor %})
        is distinct from ({% for column in compared %}old.{{ column }}{{ ", " if not loop.last }}{% endfor %})
        {%- endif %}
),
gone as materialized (
    select {% for column in key %}old.{{ column }}{{ ", " if not loop.last }}{% endfor %}
    from replaced as old
    where not exists (select 1 from {{ built }} as new where {{ same_key }})
),
deleted as (
    delete from {{ public }} as old
    using gone as new
    where {{ same_key }}
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
insert into ops.refresh_steps as steps (
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
-- A refresh of many organizations publishes in several passes.
on conflict (refresh_id, step_type, step_name) do update set
    rows = steps.rows + excluded.rows,
    rows_inserted = steps.rows_inserted + excluded.rows_inserted,
    rows_updated = steps.rows_updated + excluded.rows_updated,
    rows_deleted = steps.rows_deleted + excluded.rows_deleted,
    finished_at = excluded.finished_at,
    seconds = steps.seconds + excluded.seconds;
{%- endmacro %}
