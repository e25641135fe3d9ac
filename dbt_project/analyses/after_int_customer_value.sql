-- The model's own hook, which a pass that runs without dbt makes when it has filled the table.
-- depends_on: {{ ref('int_customer_value') }}
{% if execute %}{{ put_moved_clients_in_scope(ref('int_customer_value')) }}{% endif %}
