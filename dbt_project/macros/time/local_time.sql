{#- Wall-clock time of an instant in an IANA time zone. -#}
{% macro local_timestamp(instant, timezone) -%}
    {{ return(adapter.dispatch('local_timestamp', 'chairside')(instant, timezone)) }}
{%- endmacro %}
{% macro default__local_timestamp(instant, timezone) -%}
    ({{ instant }} at time zone {{ timezone }})
{%- endmacro %}
{% macro spark__local_timestamp(instant, timezone) -%}
    from_utc_timestamp({{ instant }}, {{ timezone }})
{%- endmacro %}

{#- Business day of an instant: the local day, less the minutes after midnight that still belong to the day before. -#}
{% macro local_business_date(instant, timezone, cutoff_minutes) -%}
    {{ return(adapter.dispatch('local_business_date', 'chairside')(instant, timezone, cutoff_minutes)) }}
{%- endmacro %}
{% macro default__local_business_date(instant, timezone, cutoff_minutes) -%}
    cast(
        {{ local_timestamp(instant, timezone) }}
        - {{ cutoff_minutes }} * interval '1 minute' as date
    )
{%- endmacro %}
{% macro spark__local_business_date(instant, timezone, cutoff_minutes) -%}
    cast(
        {{ local_timestamp(instant, timezone) }}
        - make_interval(0, 0, 0, 0, 0, {{ cutoff_minutes }}) as date
    )
{%- endmacro %}

{#- The instant at which a business day begins at a location. -#}
{% macro business_day_start(day, timezone, cutoff_minutes) -%}
    {{ return(adapter.dispatch('business_day_start', 'chairside')(day, timezone, cutoff_minutes)) }}
{%- endmacro %}
{% macro default__business_day_start(day, timezone, cutoff_minutes) -%}
    (
        (cast({{ day }} as timestamp) + {{ cutoff_minutes }} * interval '1 minute')
        at time zone {{ timezone }}
    )
{%- endmacro %}
{% macro spark__business_day_start(day, timezone, cutoff_minutes) -%}
    to_utc_timestamp(
        cast({{ day }} as timestamp) + make_interval(0, 0, 0, 0, 0, {{ cutoff_minutes }}),
        {{ timezone }}
    )
{%- endmacro %}
