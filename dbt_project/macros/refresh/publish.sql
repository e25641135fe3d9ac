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
select ops.hold_refresh({{ running.rows[0][0] if running.rows else 0 }});
{%- endmacro %}

{#- The statements, the same every hour, that publish a pass into tables that stand. -#}
{% macro publish_rows_sql() -%}
    {%- for node in publishable_nodes() %}
{{ merge_rows_sql(node, node.columns | map('tojson') | list) }}
    {%- endfor %}
{{ end_pass_sql() }}
{%- endmacro %}

{#- The tables that `publish_rows_sql` is not enough for, and why. -#}
{% macro differences_beyond_rows_sql() -%}
select table_name, note
from (
    {{ structure_differences_sql(publishable_nodes(), true) }}
) as differences
{%- for node in publishable_nodes() if node.config.meta.get('after_publish') %}
union all
select {{ quoted_text(public_table(node) | string) }}, 'what hangs on it is missing'
where not {{ has_after_publish_sql(node) }}
{%- endfor %}
{%- endmacro %}

{#-
    What hangs on a public table, such as a function over it: made by the macro that its meta names,
    and only where a function of this very definition is missing.
-#}
{% macro after_publish_sql(node) -%}
    {%- set macro_name = node.config.meta.get('after_publish') -%}
    {%- if macro_name and not run_query("select " ~ has_after_publish_sql(node)).rows[0][0] -%}
        {{ return('\n' ~ context[macro_name](node, after_publish_mark(node))) }}
    {%- endif -%}
    {{ return('') }}
{%- endmacro %}

{#- Whether every function is there that hangs on a public table, by the mark of its definition. -#}
{% macro has_after_publish_sql(node) -%}
    {%- set mark = after_publish_mark(node) -%}
    {%- set wanted = context[node.config.meta['after_publish']](node, mark).count(mark) -%}
    (select count(*) >= {{ wanted }} from pg_catalog.pg_proc where prosrc like '%{{ mark }}%')
{%- endmacro %}

{% macro after_publish_mark(node) -%}
    {{ return("-- definition " ~ local_md5(context[node.config.meta['after_publish']](node, ''))) }}
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
