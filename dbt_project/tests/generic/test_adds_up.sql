{#- Fails with each row whose total is not its parts less the rest. NULL parts count as nothing. -#}
{% test adds_up(model, total, parts, less=[]) %}

select *
from {{ model }}
where
    {{ total }} <> 0
    {%- for part in parts %}
    + coalesce({{ part }}, 0)
    {%- endfor %}
    {%- for part in less %}
    - coalesce({{ part }}, 0)
    {%- endfor %}

{% endtest %}
