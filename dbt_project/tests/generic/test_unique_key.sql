{#-
    Fails with each combination of the columns that occurs more than once, or that holds a NULL in a
    column that is not among `nullable`.
-#}
{% test unique_key(model, columns, nullable=[]) %}

select
    {{ columns | join(', ') }},
    count(*) as occurrences
from {{ model }}
group by {{ columns | join(', ') }}
having
    count(*) > 1
    {%- for column in columns if column not in nullable %}
    or {{ column }} is null
    {%- endfor %}

{% endtest %}
