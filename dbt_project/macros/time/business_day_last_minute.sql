{#-
    The last minute of a business day at a location: the latest that something of that day can have
    happened where the source gives no time.
-#}
{% macro business_day_last_minute(day, timezone, cutoff_minutes) -%}
    {{ add_minutes(
        business_day_start(
            add_days(day, 1), timezone, cutoff_minutes
        ),
        -1
    ) }}
{%- endmacro %}
