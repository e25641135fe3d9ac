-- One row per public table to which publishing has more to do than to merge rows.
{% if execute %}{{ differences_beyond_rows_sql() }}{% endif %}
