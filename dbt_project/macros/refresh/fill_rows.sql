{#-
    Makes a public table that is not there yet, and fills it. Key and indexes come last: so the fill
    writes no log and no index entry by entry, and indexes come out sorted and packed. In a rebuild
    of several passes indexes are for the last one to make.
-#}
{% macro fill_new_table_sql(node, key, columns) -%}
    {%- set built = built_table(node) -%}
    {%- set public = public_table(node) -%}
do $fill$
declare
    began_at constant timestamptz := clock_timestamp();
    inserted bigint;
    shape text;
begin
    create schema if not exists {{ public.schema }};
    create table {{ public }} (like {{ built }} including all excluding indexes);
    comment on table {{ public }} is {{ quoted_text(node.description) }};
    insert into {{ public }} ({{ columns | join(', ') }})
    select {{ columns | join(', ') }} from {{ built }} {{ side_by_side(node) }};
    get diagnostics inserted = row_count;
    alter table {{ public }} add primary key ({{ key | join(', ') }});
    {%- if is_last_pass() %}
    {%- for shape in index_shapes(node) %}
    create index on {{ public }} using {{ shape }};
    {%- endfor %}
    for shape in
        {{ built_index_shapes_sql("to_regclass('" ~ built_table(node) ~ "')") }}
    loop
        execute 'create index on {{ public }} using ' || shape;
    end loop;
    {%- endif %}
    {{ log_publication_sql(node, 'inserted', '0', '0', 'began_at') }}
end
$fill$;
{%- endmacro %}

{#-
    Brings the public rows of organizations rebuilt whole up to the built ones, writing only rows
    that differ, and logs how many. Organizations that are new to readers are only inserted.
-#}
{% macro merge_organizations_sql(node, key, columns) -%}
    {%- set built = built_table(node) -%}
    {%- set public = public_table(node) -%}
    {%- set is_theirs -%}
        {%- if node.config.meta.get('scope') -%}
        old.organization_id in (select organization_id from scope.touched_organizations)
        {%- else -%}
        true
        {%- endif -%}
    {%- endset -%}
do $merge$
declare
    began_at constant timestamptz := clock_timestamp();
    inserted bigint;
    updated bigint := 0;
    deleted bigint := 0;
begin
    if exists (select from ({{ compared_rows(node, public) }}) as compared) then
        delete from {{ public }} as old
        where
            {{ is_theirs }}
            and not exists (select from {{ built }} as new where {{ are_equal(key) }});
        get diagnostics deleted = row_count;
        update {{ public }} as old
        set {{ assignments(key, columns) }}
        from {{ built }} as new
        where {{ are_equal(key) }} and {{ differ(key, columns) }};
        get diagnostics updated = row_count;
        insert into {{ public }} ({{ columns | join(', ') }})
        select {{ list_columns('new', columns) }}
        from {{ built }} as new
        where not exists (select from {{ public }} as old where {{ are_equal(key) }});
    else
        insert into {{ public }} ({{ columns | join(', ') }})
        select {{ columns | join(', ') }} from {{ built }} {{ side_by_side(node) }};
    end if;
    get diagnostics inserted = row_count;
    {{ log_publication_sql(node, 'inserted', 'updated', 'deleted', 'began_at') }}
end
$merge$;
{%- endmacro %}

{#-
    The order in which many rows are written: by the index that is clustered, if one is. An hour reads
    the whole history of each client in scope, and finds it on few pages.
-#}
{% macro side_by_side(node) -%}
    {%- for index in node.config.meta.get('indexes', []) if index.get('clustered') -%}
        order by {{ index['columns'] | join(', ') }}
    {%- endfor -%}
{%- endmacro %}
