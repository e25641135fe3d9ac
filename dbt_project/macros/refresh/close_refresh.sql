{#-
    Ends the refresh that open_refresh began: publishes when every model was built and every test of
    severity error passed, and records the outcome either way. A build of some models ends quietly.
-#}
{% macro close_refresh(results) -%}
    {%- if execute and is_whole_build() and not publish_is_deferred() -%}
        {%- set failed = [] -%}
        {%- for result in results if result.status in ('error', 'fail', 'runtime error') -%}
            {%- do failed.append(result.node.name) -%}
        {%- endfor -%}
        {%- if failed -%}
            {%- do run_query(
                "update ops.refreshes set status = 'failed', error = "
                ~ dbt.string_literal(dbt.escape_single_quotes("failed: " ~ failed | join(', ')))
                ~ ", finished_at = clock_timestamp(), "
                ~ "seconds = extract(epoch from clock_timestamp() - started_at) "
                ~ "where status = 'running'"
            ) -%}
            {{ log("Nothing was published: " ~ failed | join(', '), info=true) }}
        {%- else -%}
            {%- do publish_marts() -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
