{#-
    Puts clients in scope whose tier or rank others have moved: their public rows are replaced by
    themselves with the new tier and segments.
-#}
{% macro put_moved_clients_in_scope() -%}
    {%- if target.type == 'postgres' %}
    insert into scope.customers (organization_id, customer_id, is_published, is_moved)
    select organization_id, customer_id, false, true
    from {{ this }}
    where not is_built
    on conflict (organization_id, customer_id) do update set is_moved = true
    {%- endif %}
{%- endmacro %}
