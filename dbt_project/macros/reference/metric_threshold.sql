{#- A threshold that an owner can edit, by its name in seeds/reference/metric_thresholds.csv. -#}
{% macro metric_threshold(metric) -%}
    (
        select metric_thresholds.value
        from {{ ref('metric_thresholds') }} as metric_thresholds
        where metric_thresholds.metric = {{ dbt.string_literal(metric) }}
    )
{%- endmacro %}
