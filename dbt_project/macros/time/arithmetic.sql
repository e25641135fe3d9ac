{#- Whole days from one date to a later one. -#}
{% macro days_between(from_date, to_date) -%}
    {{ return(adapter.dispatch('days_between', 'chairside')(from_date, to_date)) }}
{%- endmacro %}
{% macro default__days_between(from_date, to_date) -%}
    ({{ to_date }} - {{ from_date }})
{%- endmacro %}
{% macro spark__days_between(from_date, to_date) -%}
    datediff({{ to_date }}, {{ from_date }})
{%- endmacro %}

{#- The date a number of days later. -#}
{% macro add_days(day, days) -%}
    {{ return(adapter.dispatch('add_days', 'chairside')(day, days)) }}
{%- endmacro %}
{% macro default__add_days(day, days) -%}
    ({{ day }} + cast({{ days }} as integer))
{%- endmacro %}
{% macro spark__add_days(day, days) -%}
    date_add({{ day }}, cast({{ days }} as int))
{%- endmacro %}

{#- The instant a number of minutes later. -#}
{% macro add_minutes(instant, minutes) -%}
    {{ return(adapter.dispatch('add_minutes', 'chairside')(instant, minutes)) }}
{%- endmacro %}
{% macro default__add_minutes(instant, minutes) -%}
    ({{ instant }} + {{ minutes }} * interval '1 minute')
{%- endmacro %}
{% macro spark__add_minutes(instant, minutes) -%}
    ({{ instant }} + make_interval(0, 0, 0, 0, 0, {{ minutes }}))
{%- endmacro %}

{#- ISO day of the week: Monday is 1, Sunday is 7. -#}
{% macro day_of_week(day) -%}
    {{ return(adapter.dispatch('day_of_week', 'chairside')(day)) }}
{%- endmacro %}
{% macro default__day_of_week(day) -%}
    cast(extract(isodow from {{ day }}) as integer)
{%- endmacro %}
{% macro spark__day_of_week(day) -%}
    (weekday({{ day }}) + 1)
{%- endmacro %}

{#- Seconds since 1970-01-01 UTC. -#}
{% macro epoch(instant) -%}
    {{ return(adapter.dispatch('epoch', 'chairside')(instant)) }}
{%- endmacro %}
{% macro default__epoch(instant) -%}
    extract(epoch from {{ instant }})
{%- endmacro %}
{% macro spark__epoch(instant) -%}
    cast({{ instant }} as double)
{%- endmacro %}

{#- Minutes from one instant to a later one, with fractions. -#}
{% macro minutes_between(from_instant, to_instant) -%}
    (({{ epoch(to_instant) }} - {{ epoch(from_instant) }}) / 60)
{%- endmacro %}

{#- One row per day from one date to another, both included; to be laterally joined. -#}
{% macro date_spine(from_date, to_date, alias) -%}
    {{ return(adapter.dispatch('date_spine', 'chairside')(from_date, to_date, alias)) }}
{%- endmacro %}
{% macro default__date_spine(from_date, to_date, alias) -%}
    cross join lateral (
        select cast(spine_day as date) as day
        from generate_series(
            cast({{ from_date }} as timestamp), cast({{ to_date }} as timestamp), interval '1 day'
        ) as spine_day
    ) as {{ alias }}
{%- endmacro %}
{% macro spark__date_spine(from_date, to_date, alias) -%}
    lateral view explode(sequence({{ from_date }}, {{ to_date }})) {{ alias }} as day
{%- endmacro %}
