{#- The refresh's clock, one instant for every model. Unit tests override it. -#}
{% macro as_of() -%}
    (select refresh_context.as_of from ops.refresh_context as refresh_context)
{%- endmacro %}

{#- Stamp of a published row; the comparison of old and new rows leaves it out. -#}
{% macro refreshed_at() -%}
    {{ as_of() }}
{%- endmacro %}
