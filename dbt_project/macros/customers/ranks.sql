{#- The positive values of a group in order, as an array: what ranks are taken from. -#}
{% macro positive_in_order(value) -%}
    {{ return(adapter.dispatch('positive_in_order', 'chairside')(value)) }}
{%- endmacro %}
{% macro default__positive_in_order(value) -%}
    array_agg({{ value }} order by {{ value }}) filter (where {{ value }} > 0)
{%- endmacro %}
{% macro spark__positive_in_order(value) -%}
    sort_array(collect_list({{ value }}) filter (where {{ value }} > 0))
{%- endmacro %}

{#-
    What an amount must exceed to rank at a percentile: at least that share of the other amounts is
    then below it. Each is one of `ordered`, so that the only one there is ranks at 0.
-#}
{% macro highest_below(ordered, percentile) -%}
    case
        when {{ percentile }} > 0
            then {{ element_at(
                ordered, 'greatest(ceil(' ~ percentile ~ ' * (cardinality(' ~ ordered ~ ') - 1)), 1)'
            ) }}
        else 0
    end
{%- endmacro %}

{#- An array's element, counted from 1. -#}
{% macro element_at(values, position) -%}
    {{ return(adapter.dispatch('element_at', 'chairside')(values, position)) }}
{%- endmacro %}
{% macro default__element_at(values, position) -%}
    ({{ values }})[cast({{ position }} as integer)]
{%- endmacro %}
{% macro spark__element_at(values, position) -%}
    element_at({{ values }}, cast({{ position }} as integer))
{%- endmacro %}
