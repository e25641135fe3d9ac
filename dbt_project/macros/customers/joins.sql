{#- The left join of a relation with at most one row per client to another of the same grain. -#}
{% macro join_customer_facts(relation, customers='customers', alias=none) -%}
    left join {{ relation }}{{ " as " ~ alias if alias }}
        on
            {{ customers }}.organization_id = {{ alias or relation }}.organization_id
            and {{ customers }}.customer_id = {{ alias or relation }}.customer_id
{%- endmacro %}

{#-
    The clients of organizations that send a kind of data, of whom there is such `news` if any is named;
    of the others nothing can be said, or what is published.
-#}
{% macro customers_covered_by(condition, news=none) -%}
    select
        customers.organization_id,
        customers.customer_id
    from {{ ref('int_customers_listed') }} as customers
    inner join {{ ref('int_organization_coverage') }} as coverage
        on customers.organization_id = coverage.organization_id
    where ({{ condition }}){% if news %} and {{ has_news(news, 'customers') }}{% endif %}
{%- endmacro %}
