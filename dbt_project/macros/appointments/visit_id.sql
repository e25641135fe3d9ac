{#-
    Key of the visit that a booking or a ticket's line belongs to: a client's day at a location, or,
    for somebody unknown, the booking or else the ticket alone.
-#}
{% macro visit_id(customer_id, location_id, visit_date, appointment_id, sale_id='null') -%}
    case
        when {{ customer_id }} is not null
            then concat('client:', {{ visit_date }}, ':', {{ location_id }}, ':', {{ customer_id }})
        when {{ appointment_id }} is not null then concat('booking:', {{ appointment_id }})
        else concat('ticket:', {{ sale_id }})
    end
{%- endmacro %}
