{#-
    What a client is found by: name, mail address and telephone number, any of them missing. Words
    are taken as they are (no stemming: names are not English prose), parts of a mail address are
    words of their own, and a number is found by its digits from the start, from the last ten,
    the last nine (the same with and without a country code or trunk zero) and the last seven.
    Immutable, so that an index can hold it; the index and search_customers both use it.
-#}
{% macro customer_search_document(name='name', email='email', phone='phone') -%}
    {%- set digits = "ltrim(regexp_replace(coalesce(" ~ phone ~ ", ''), '[^0-9]', '', 'g'), '0')" -%}
    to_tsvector(
        'simple',
        translate(coalesce({{ name }}, '') || ' ' || coalesce({{ email }}, ''), '@._-+/''', '       ')
        || ' ' || {{ digits }}
        || ' ' || right({{ digits }}, 10)
        || ' ' || right({{ digits }}, 9)
        || ' ' || right({{ digits }}, 7)
    )
{%- endmacro %}

{#-
    marts.search_customers(organization_id, query): the clients whose name, mail address or telephone
    number begin with the words and digits of the query, best first. Run with the caller's rights.
    The mark in each body tells one definition from another.
-#}
{% macro create_search_customers_sql(node, mark) -%}
    {%- set schema = node.config.meta['published_schema'] -%}
create or replace function {{ schema }}.customer_search_query(query text) returns tsquery
language sql immutable strict parallel safe
as $function$
    {{ mark }}
    with parts as (
        select part, position, part ~ '^[0-9]+$' as is_number
        from regexp_split_to_table(
            translate(lower(query), '@._-+/''():&|!*<>\,;"', '{{ ' ' * 20 }}'), '\s+'
        ) with ordinality as split (part, position)
        where part <> ''
    ),
    digits as (
        select
            ltrim(string_agg(part, '' order by position), '0') as number,
            string_agg(quote_literal(part) || ':*', ' & ') as apart
        from parts
        where is_number
    ),
    terms as (
        select quote_literal(part) || ':*' as term from parts where not is_number
        union all
        select '(' || quote_literal(number) || ':*'
            || case when length(number) >= 9 then ' | ' || quote_literal(right(number, 9)) else '' end
            || ' | (' || apart || '))'
        from digits
        where number <> ''
    )
    select to_tsquery('simple', string_agg(term, ' & ')) from terms
$function$;
comment on function {{ schema }}.customer_search_query(text) is
'The words and digits of a query as prefixes to look for; search_customers uses it.';
create or replace function {{ schema }}.search_customers(organization_id text, query text)
returns setof {{ schema }}.{{ node.alias }}
language sql stable parallel safe security invoker
as $function$
    {{ mark }}
    select customers.*
    from {{ schema }}.{{ node.alias }} as customers
    where customers.organization_id = search_customers.organization_id
        and {{ customer_search_document('customers.name', 'customers.email', 'customers.phone') }}
        @@ {{ schema }}.customer_search_query(search_customers.query)
    order by
        ts_rank(
            {{ customer_search_document('customers.name', 'customers.email', 'customers.phone') }},
            {{ schema }}.customer_search_query(search_customers.query)
        ) desc,
        customers.last_visit_at desc nulls last,
        customers.customer_id
$function$;
comment on function {{ schema }}.search_customers(text, text) is
'Clients of an organization whose name, mail address or telephone number begin with the words and digits of the query, best first: select * from {{ schema }}.search_customers(''my-salon'', ''ann 416 555''). Any of the three may be missing.';
{%- endmacro %}
