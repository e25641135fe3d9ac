{#- Type names that Postgres and Spark spell differently. -#}

{% macro type_text() -%}{{ return(adapter.dispatch('type_text', 'chairside')()) }}{%- endmacro %}
{% macro default__type_text() -%}text{%- endmacro %}
{% macro spark__type_text() -%}string{%- endmacro %}

{% macro type_decimal() -%}{{ return(adapter.dispatch('type_decimal', 'chairside')()) }}{%- endmacro %}
{% macro default__type_decimal() -%}numeric{%- endmacro %}
{% macro spark__type_decimal() -%}decimal(38, 10){%- endmacro %}
