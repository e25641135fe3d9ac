-- The model's own hook, which a pass that runs without dbt makes when it has filled the table.
-- depends_on: {{ ref('int_financial_spine') }} {{ ref('int_financial_spans') }}
{% if execute %}{{ put_ledger_days_in_scope(ref('int_financial_spine')) }}{% endif %}
