{#-
    Fails with each row whose key names no row of another model. Keys with a NULL name nothing. A
    public row that the refresh leaves as it is may be named as well as a built one.
-#}
{% test foreign_key(model, columns, to, to_columns) %}

select child.*
from {{ model }} as child
left join {{ to }} as parent
    on
        {% for column in columns -%}
            {{ "and " if not loop.first }}child.{{ column }} = parent.{{ to_columns[loop.index0] }}
        {% endfor %}
{%- if is_public_model(to.identifier) and is_published(to.identifier) %}
left join {{ published_outside_scope(to.identifier, 'known_parent') }}
    on
        {% for column in columns -%}
            {{ "and " if not loop.first }}child.{{ column }} = known_parent.{{ to_columns[loop.index0] }}
        {% endfor %}
{%- endif %}
where
    parent.{{ to_columns[0] }} is null
    {%- if is_public_model(to.identifier) and is_published(to.identifier) %}
    and known_parent.{{ to_columns[0] }} is null
    {%- endif %}
    {%- for column in columns %}
    and child.{{ column }} is not null
    {%- endfor %}

{% endtest %}
