{#-
    Version of the metric definitions, for rows and exports that must say which ones they follow.
    Raise the first number when a column's meaning changes, the second when one is added.
-#}
{% macro definition_version() -%}1.0{%- endmacro %}
