{#-
    Publishes all built and audited tables in one transaction: each public table gets the rows that
    differ and nothing else, and ops.refreshes says so. Readers see all of a refresh or none of it.
-#}
{% macro publish_marts() -%}
    {%- do align_public_tables() -%}
    {%- set statements = [hold_refresh_sql()] -%}
    {%- for node in publishable_nodes() -%}
        {%- do statements.append(publish_table_sql(node) ~ after_publish_sql(node)) -%}
    {%- endfor -%}
    {%- do statements.append(end_pass_sql()) -%}
    {%- do run_query(statements | join('\n')) -%}
    {{ log("Published " ~ (statements | length - 2) ~ " tables", info=true) }}
{%- endmacro %}

{#-
    Holds the row of the refresh that runs until the publication is committed. Whoever closes it
    meanwhile has to wait and then finds it ended well; once it was closed, nothing is published.
    So a publication that outlives its process is never half of two refreshes.
-#}
{% macro hold_refresh_sql() -%}
    {%- set running = run_query("select refresh_id from ops.refreshes where status = 'running'") -%}
do $hold$
begin
    perform from ops.refreshes
    where status = 'running' and refresh_id = {{ running.rows[0][0] if running.rows else 0 }}
    for no key update;
    if not found then
        raise exception 'The refresh that was to be published has ended meanwhile.'
            ' Nothing was published.';
    end if;
end
$hold$;
{%- endmacro %}

{#-
    What hangs on a public table, such as a function over it: made by the macro that its meta names,
    and only where a function of this very definition is missing.
-#}
{% macro after_publish_sql(node) -%}
    {%- set macro_name = node.config.meta.get('after_publish') -%}
    {%- if macro_name -%}
        {%- set mark = "-- definition " ~ local_md5(context[macro_name](node, '')) -%}
        {%- set statements = context[macro_name](node, mark) -%}
        {%- set known = run_query(
            "select count(*) from pg_catalog.pg_proc where prosrc like '%" ~ mark ~ "%'"
        ).rows[0][0] -%}
        {%- if known < statements.count(mark) -%}
            {{ return('\n' ~ statements) }}
        {%- endif -%}
    {%- endif -%}
    {{ return('') }}
{%- endmacro %}

{#- The models whose folder has a published_schema in its meta, in the order of their names. -#}
{% macro publishable_nodes() -%}
    {%- set nodes = [] -%}
    {%- for node in graph.nodes.values() | sort(attribute='name') -%}
        {%- if node.resource_type == 'model' and node.config.meta.get('published_schema') -%}
            {%- do nodes.append(node) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(nodes) }}
{%- endmacro %}
