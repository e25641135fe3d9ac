{#- Fails with each row whose key names no row of another model. Keys with a NULL name nothing. -#}
{% test foreign_key(model, columns, to, to_columns) %}

select child.*
from {{ model }} as child
left join {{ to }} as parent
    on
        {% for column in columns -%}
            {{ "and " if not loop.first }}child.{{ column }} = parent.{{ to_columns[loop.index0] }}
        {% endfor %}
where
    parent.{{ to_columns[0] }} is null
    {%- for column in columns %}
    and child.{{ column }} is not null
    {%- endfor %}

{% endtest %}
