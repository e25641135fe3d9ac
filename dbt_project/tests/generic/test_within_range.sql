{#- Fails with each row whose value lies outside the bounds, which are included; NULL is within. -#}
{% test within_range(model, column_name, minimum=none, maximum=none) %}

select *
from {{ model }}
where
    false
    {%- if minimum is not none %}
    or {{ column_name }} < {{ minimum }}
    {%- endif %}
    {%- if maximum is not none %}
    or {{ column_name }} > {{ maximum }}
    {%- endif %}

{% endtest %}
