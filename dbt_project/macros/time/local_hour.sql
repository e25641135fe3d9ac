{#- Hour of the day, 0 to 23, that a clock on the wall shows at an instant in a time zone. -#}
{% macro local_hour(instant, timezone) -%}
    cast(extract(hour from {{ local_timestamp(instant, timezone) }}) as integer)
{%- endmacro %}
