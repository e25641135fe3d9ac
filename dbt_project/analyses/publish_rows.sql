-- What publishes a pass into tables that stand, after `ops.hold_refresh`: the refresh runs it.
{% if execute %}{{ publish_rows_sql() }}{% endif %}
