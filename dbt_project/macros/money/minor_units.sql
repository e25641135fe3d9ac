{#- An amount in major units as minor units of its currency, fractions of a minor unit kept. -#}
{% macro to_exact_minor(amount, exponent) -%}
    ({{ amount }} * power(cast(10 as {{ type_decimal() }}), {{ exponent }}))
{%- endmacro %}

{#- An amount in major units as whole minor units of its currency, halves away from zero. -#}
{% macro to_minor(amount, exponent) -%}
    cast(round({{ to_exact_minor(amount, exponent) }}) as bigint)
{%- endmacro %}

{#- A quotient that is NULL where the base is zero or unknown, never integer division. -#}
{% macro safe_divide(numerator, denominator) -%}
    (
        cast({{ numerator }} as {{ type_decimal() }})
        / nullif({{ denominator }}, 0)
    )
{%- endmacro %}

{#-
    Whole minor units for exact amounts, such that a group's parts add up to its total.
    Largest remainder: every part is rounded down, and the units still missing go to the parts
    with the largest fractions, ties in the order given. `total` is the group's whole total.
-#}
{% macro allocate_minor(exact, total, partition_by, tie_break) -%}
    cast(
        floor({{ exact }})
        + case
            when row_number() over (
                partition by {{ partition_by }}
                order by {{ exact }} - floor({{ exact }}) desc, {{ tie_break }}
            ) <= {{ total }} - sum(floor({{ exact }})) over (partition by {{ partition_by }})
                then 1
            else 0
        end as bigint
    )
{%- endmacro %}
