{#-
    One statement that brings the public rows in scope up to the built ones, writing only rows that
    differ, and logs how many. A built row that is public outside the scope breaks the primary key,
    and with it the publication: the scope was too small.
-#}
{% macro merge_keys_sql(node, key, columns) -%}
    {%- set built = built_table(node) -%}
    {%- set public = public_table(node) -%}
with started as materialized (
    select clock_timestamp() as started_at
),
compared as materialized (
    select known.*
    from ({{ compared_rows(node, public) }}) as known
    -- Postgres reads a clock when it is first asked for it.
    where (select started_at from started) is not null
),
changed as materialized (
    select new.*, old.{{ key[0] }} is null as is_new
    from {{ built }} as new
    left join compared as old on {{ are_equal(key) }}
    where
        (old.{{ key[0] }} is null or {{ differ(key, columns) }})
        and {{ is_compared(node, 'new') }}
),
gone as materialized (
    select {{ list_columns('old', key) }}
    from compared as old
    where not exists (select 1 from {{ built }} as new where {{ are_equal(key) }})
),
deleted as (
    delete from {{ public }} as old
    using gone as new
    where {{ are_equal(key) }}
    returning 1
),
updated as (
    update {{ public }} as old
    set {{ assignments(key, columns) }}
    from changed as new
    where not new.is_new and {{ are_equal(key) }}
    returning 1
),
inserted as (
    insert into {{ public }} ({{ columns | join(', ') }})
    select {{ columns | join(', ') }} from changed where is_new
    returning 1
)
{{ log_publication_sql(
    node,
    '(select count(*) from inserted)',
    '(select count(*) from updated)',
    '(select count(*) from deleted)',
    '(select started_at from started)'
) }}
{%- endmacro %}

{#- Whether a public row `old` and a built row `new` agree in these columns. -#}
{% macro are_equal(columns) -%}
    {%- for column in columns -%}
        {{ " and " if not loop.first }}old.{{ column }} = new.{{ column }}
    {%- endfor -%}
{%- endmacro %}

{#- Whether rows of one key differ in what they hold; when each was made is no difference. -#}
{% macro differ(key, columns) -%}
    {%- set compared = columns | reject('in', key + ['"updated_at"']) | list -%}
    {%- if compared -%}
        ({{ list_columns('new', compared) }}) is distinct from ({{ list_columns('old', compared) }})
    {%- else -%}
        false
    {%- endif -%}
{%- endmacro %}

{% macro assignments(key, columns) -%}
    {%- for column in columns | reject('in', key) -%}
        {{ ", " if not loop.first }}{{ column }} = new.{{ column }}
    {%- endfor -%}
{%- endmacro %}

{% macro list_columns(relation, columns) -%}
    {%- for column in columns -%}
        {{ ", " if not loop.first }}{{ relation }}.{{ column }}
    {%- endfor -%}
{%- endmacro %}

{#- Writes what publishing a table changed into the refresh's steps. -#}
{% macro log_publication_sql(node, inserted, updated, deleted, started_at) -%}
    {%- set public = public_table(node) -%}
insert into ops.refresh_steps as steps (
    refresh_id, step_name, step_type, status, rows, rows_inserted, rows_updated, rows_deleted,
    started_at, finished_at, seconds
)
select
    refreshes.refresh_id,
    '{{ public.schema }}.{{ public.identifier }}',
    'publish',
    'succeeded',
    (select count(*) from {{ built_table(node) }}),
    {{ inserted }},
    {{ updated }},
    {{ deleted }},
    {{ started_at }},
    clock_timestamp(),
    extract(epoch from clock_timestamp() - {{ started_at }})
from ops.refreshes as refreshes
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
