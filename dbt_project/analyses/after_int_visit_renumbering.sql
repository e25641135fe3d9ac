-- The model's own hook, which a pass that runs without dbt makes when it has filled the table.
-- depends_on: {{ ref('int_visit_renumbering') }}
{% if execute %}{{ put_renumbered_visits_in_scope(ref('int_visit_renumbering')) }}{% endif %}
