{#- The statements that bring the rows of one public table up to its built one. -#}
{% macro publish_table_sql(node) -%}
    {%- set built = built_table(node) -%}
    {%- set columns = adapter.get_columns_in_relation(built) | map(attribute='quoted') | list -%}
    {%- if is_missing(public_table(node)) -%}
        {{ fill_new_table_sql(node, primary_key_columns(node), columns) }}
    {%- else -%}
        {{ merge_rows_sql(node, columns) }}
    {%- endif -%}
{%- endmacro %}

{#- The same of a public table that stands. -#}
{% macro merge_rows_sql(node, columns) -%}
    {%- if rebuilds_organizations() -%}
        {{ merge_organizations_sql(node, primary_key_columns(node), columns) }}
    {%- else -%}
        {{ merge_keys_sql(node, primary_key_columns(node), columns) }}
    {%- endif -%}
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
