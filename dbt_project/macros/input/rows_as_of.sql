{#- Whether a staged row was there at the refresh's clock: not deleted at the source by then. -#}
{% macro is_live(relation) -%}
    (not {{ relation }}.is_deleted or {{ relation }}.deleted_at > {{ as_of() }})
{%- endmacro %}

{#- Whether something had happened at the refresh's clock; an unknown time counts as happened. -#}
{% macro has_happened(instant) -%}
    ({{ instant }} is null or {{ instant }} <= {{ as_of() }})
{%- endmacro %}

{#-
    The client that a row belongs to, from input__customer_ids joined as `customer_ids`: merges
    followed, pseudo-clients for walk-ins as NULL, an id without a profile as it was sent.
-#}
{% macro canonical_customer_id(sent, customer_ids='customer_ids') -%}
    case
        when {{ customer_ids }}.source_customer_id is null then {{ sent }}
        else {{ customer_ids }}.customer_id
    end
{%- endmacro %}

{#- Whether the client is not a test profile, whose rows count nowhere. -#}
{% macro is_not_test_customer(customer_ids='customer_ids') -%}
    coalesce({{ customer_ids }}.customer_type, 'client') <> 'test'
{%- endmacro %}

{#- The join that canonical_customer_id and is_not_test_customer read. -#}
{% macro join_customer_ids(relation, column='customer_id', alias='customer_ids') -%}
    left join {{ ref('input__customer_ids') }} as {{ alias }}
        on
            {{ relation }}.organization_id = {{ alias }}.organization_id
            and {{ relation }}.{{ column }} = {{ alias }}.source_customer_id
{%- endmacro %}

{#- The join that gives a row its time zone, business-day cut-off, currency and exponent. -#}
{% macro join_locations(relation, kind='inner') -%}
    {{ kind }} join {{ ref('input__locations') }} as locations
        on
            {{ relation }}.organization_id = locations.organization_id
            and {{ relation }}.location_id = locations.location_id
{%- endmacro %}
