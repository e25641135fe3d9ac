{#-
    Runs data tests in one statement and keeps how many rows failed each: a pass over keys has some
    hundred tests of a few rows, and dbt takes ten times as long over a test as Postgres.
-#}
{% macro run_tests_at_once(tests) -%}
    {%- set counts = [] -%}
    {%- for unique_id in tests -%}
        {%- do counts.append(count_failing_rows_sql(graph.nodes[unique_id])) -%}
    {%- endfor -%}
    {%- do run_query(
        "truncate scope.test_results; insert into scope.test_results (unique_id, failures)\n"
        ~ counts | join("\nunion all\n")
    ) -%}
{%- endmacro %}

{% macro count_failing_rows_sql(node) -%}
select
    {{ quoted_text(node.unique_id) }},
    count(*)
from (
    {{ generic_test_sql(node) if node.test_metadata else render(node.raw_code) }}
) as failing
{%- endmacro %}

{#- The SQL of a test that a model's YAML names; dbt keeps its arguments as they are written there. -#}
{% macro generic_test_sql(node) -%}
    {%- set arguments = {} -%}
    {%- for name, written in node.test_metadata.kwargs.items() -%}
        {%- set named = modules.re.search("ref\\('(\\w+)'\\)", written) if written is string -%}
        {%- do arguments.update({name: ref(named.group(1)) if named else written}) -%}
    {%- endfor -%}
    {{ return(context['test_' ~ node.test_metadata.name](**arguments)) }}
{%- endmacro %}
