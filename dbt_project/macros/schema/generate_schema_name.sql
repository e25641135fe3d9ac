{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- if custom_schema_name is none and node.resource_type in ('model', 'seed') -%}
        {{ exceptions.raise_compiler_error(
            "No schema for " ~ node.original_file_path
            ~ ": put it in a folder that dbt_project.yml gives a +schema"
        ) }}
    {%- endif -%}
    {{ custom_schema_name or target.schema }}
{%- endmacro %}
