{#-
    Fails with each row whose key names no row of another model. Keys with a NULL name nothing. A
    public row that the refresh leaves as it is may be named as well as a built one.
-#}
{% test foreign_key(model, columns, to, to_columns) %}
{%- set pairs = [] -%}
{%- for column in columns -%}
    {%- do pairs.append('child.' ~ column ~ ' = parent.' ~ to_columns[loop.index0]) -%}
{%- endfor -%}
{%- set same_key = pairs | join(' and ') %}

select child.*
from {{ model }} as child
where
    {%- for column in columns %}
    {{ "and " if not loop.first }}child.{{ column }} is not null
    {%- endfor %}
    and not exists (select 1 from {{ to }} as parent where {{ same_key }})
    {{ and_no_public_row(to.identifier, 'parent', same_key) }}

{% endtest %}
