{#-
    Brings public tables to the structure of the built ones, before and apart from publishing rows:
    an ordinary refresh finds nothing to do here and takes no lock that a reader could notice.
    Readers' views, grants, comments on what is theirs, and indexes stay.
-#}
{% macro align_public_tables(looks=3) -%}
    {%- set changes = run_query(structure_differences_sql(publishable_nodes(), is_last_pass())).rows -%}
    {%- for change in changes if change['what'] == 'refuse' -%}
        {{ exceptions.raise_compiler_error(change['note'] ~ " Nothing was published.") }}
    {%- endfor -%}
    {%- for change in changes -%}
        {%- set statement = change_structure_sql if change['what'] == 'change' else fill_column_sql -%}
        {%- do run_query(statement(change['table_name'], change['statements'])) -%}
    {%- endfor -%}
    {%- do log_structure(changes) -%}
    {#- What a change leaves to do, such as the index of a new column, the next look sees. -#}
    {%- if changes and looks > 1 -%}
        {%- do align_public_tables(looks - 1) -%}
    {%- endif -%}
{%- endmacro %}

{#- Writes what was changed into the refresh's steps, one a table. -#}
{% macro log_structure(changes) -%}
    {%- set notes = {} -%}
    {%- for change in changes if change['note'] -%}
        {%- set so_far = notes.get(change['table_name'], []) -%}
        {%- do so_far.append(change['note']) -%}
        {%- do notes.update({change['table_name']: so_far}) -%}
    {%- endfor -%}
    {%- for table_name, texts in notes.items() -%}
        {%- set text = texts | unique | join('; ') -%}
        {{ log(table_name ~ ": " ~ text, info=true) }}
        {%- do run_query(
            "insert into ops.refresh_steps as steps"
            ~ " (refresh_id, step_name, step_type, status, finished_at, note)"
            ~ " select refresh_id, " ~ quoted_text(table_name | replace('"', '')) ~ ", 'structure',"
            ~ " 'succeeded', clock_timestamp(), " ~ quoted_text(text)
            ~ " from ops.refreshes where status = 'running'"
            ~ " on conflict (refresh_id, step_type, step_name)"
            ~ " do update set note = steps.note || '; ' || excluded.note"
        ) -%}
    {%- endfor -%}
{%- endmacro %}

{% macro quoted_text(text) -%}
    {{ return(dbt.string_literal(dbt.escape_single_quotes(text))) }}
{%- endmacro %}

{#- Where a model's rows are built and audited. -#}
{% macro built_table(node) -%}
    {{ return(api.Relation.create(schema=node.schema, identifier=node.alias, type='table')) }}
{%- endmacro %}

{#- Where readers find them. -#}
{% macro public_table(node) -%}
    {{ return(api.Relation.create(
        schema=node.config.meta['published_schema'], identifier=node.alias, type='table'
    )) }}
{%- endmacro %}

{#- Whether readers have never seen a model's rows: its public table is not there yet. -#}
{% macro is_missing(public) -%}
    {{ return(run_query("select to_regclass(" ~ quoted_text(public | string) ~ ") is null").rows[0][0]) }}
{%- endmacro %}

{#- The indexes beside its key that a model's meta gives its public table, as Postgres spells them. -#}
{% macro index_shapes(node) -%}
    {%- set shapes = [] -%}
    {%- for index in node.config.meta.get('indexes', []) -%}
        {%- do shapes.append(
            index.get('type', 'btree') ~ " (" ~ index['columns'] | join(', ') ~ ")"
            ~ (" WHERE (" ~ index['where'] ~ ")" if index['where'])
        ) -%}
    {%- endfor -%}
    {{ return(shapes) }}
{%- endmacro %}

{#-
    The indexes that a built table has beside its key, as Postgres spells them: those of expressions
    that are spelled otherwise in the project.
-#}
{% macro built_index_shapes_sql(built) -%}
select regexp_replace(pg_get_indexdef(indexes.indexrelid), '^.*? USING ', '')
from pg_catalog.pg_index as indexes
where indexes.indrelid = {{ built }} and not indexes.indisprimary
{%- endmacro %}

{#- Whether no pass of this refresh follows; a bare dbt has one pass. -#}
{% macro is_last_pass() -%}
    {{ return(run_query("select coalesce(bool_and(is_last), true) from scope.pass").rows[0][0]) }}
{%- endmacro %}
