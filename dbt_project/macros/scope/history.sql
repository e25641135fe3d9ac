{#-
    All rows of the clients in scope: those that this pass builds and, of a public table, those that
    it leaves as they are, found by client. So clients are counted from their whole history, of which
    only what changed is built. Where organizations are rebuilt whole it is what is built.

    `columns` must have the same names in both; `clients` chooses among the clients in scope, as
    `keys`, and `published` among the public rows, as `public`.
-#}
{% macro client_history(built, public_name, columns, clients='true', published='true') -%}
    {%- if not is_published(public_name) -%}
        {{ built }}
    {%- else -%}
        {%- set node = public_node(public_name) -%}
        (
            select {{ list_columns('built', columns) }}
            from scope.customers as keys
            inner join {{ built }} as built
                on
                    keys.organization_id = built.organization_id
                    and keys.customer_id = built.customer_id
            where {{ clients }}
            union all
            select {{ list_columns('public', columns) }}
            from scope.customers as keys
            inner join {{ public_table(node) }} as public
                on
                    keys.organization_id = public.organization_id
                    and keys.customer_id = public.customer_id
            where {{ clients }} and {{ published }} and not {{ is_recomputed(node, 'public') }}
        )
    {%- endif -%}
{%- endmacro %}

{#-
    Whether of a client in scope something is new that a fact is told from, as int_customer_news says:
    a choice for `client_history`. The others are there for a new day's sake, for what somebody else
    did, or for something else of theirs: their fact is as published.
-#}
{% macro has_news(news, clients='keys') -%}
    {%- if is_unit_test() -%}
        {{ return('true') }}
    {%- endif -%}
    {%- set customer_news = ref('int_customer_news') -%}
    {%- if not is_published('customer_analytics') -%}
        true
    {%- else -%}
        exists (
            select 1 from {{ customer_news }} as news
            where
                news.organization_id = {{ clients }}.organization_id
                and news.customer_id = {{ clients }}.customer_id
                and news.{{ news }}
        )
    {%- endif -%}
{%- endmacro %}

{#-
    The published rows of the clients in scope of whom there is no such news, to take their facts from;
    only where `is_published`.
-#}
{% macro published_clients_without(news, alias) -%}
    (
        select public.*
        from scope.customers as keys
        inner join {{ public_table(public_node('customer_analytics')) }} as public
            on
                keys.organization_id = public.organization_id
                and keys.customer_id = public.customer_id
        where not {{ has_news(news) }}
    ) as {{ alias }}
{%- endmacro %}

{#-
    The published facts of the clients in scope of whom there is no such news: continues a query of
    clients and these facts. `told` is one that is NULL where the organization does not send its data.
-#}
{% macro union_published_clients(news, facts, told) -%}
    {#- dbt looks for what a model depends on before anything counts as published. -#}
    {%- do has_news(news) -%}
    {%- if is_published('customer_analytics') %}
    union all
    select
        known.organization_id,
        known.customer_id
        {%- for fact in facts %},
        {{ 'null' if fact == 'null' else 'known.' ~ fact }}
        {%- endfor %}
    from {{ published_clients_without(news, 'known') }}
    where known.{{ told }} is not null
    {%- endif %}
{%- endmacro %}

{#-
    A query of the rows that may differ from what is published: as the pass builds them, and as they
    are public. Only where `is_published`.
-#}
{% macro changed_rows(built, public_name, expressions) -%}
    {%- set node = public_node(public_name) -%}
    select {{ expressions | join(', ') }}
    from {{ built }} as changed
    where {{ is_compared(node, 'changed') }}
    union all
    select {{ expressions | join(', ') }}
    from ({{ compared_rows(node, public_table(node)) }}) as changed
{%- endmacro %}

{#-
    All rows of the given tickets, built or left as they are, whomever they are for. Where
    organizations are rebuilt whole it is what is built.
-#}
{% macro ticket_history(tickets, built, public_name, columns) -%}
    {%- if not is_published(public_name) -%}
        {{ built }}
    {%- else -%}
        {%- set node = public_node(public_name) -%}
        (
            select {{ list_columns('built', columns) }}
            from {{ tickets }} as tickets
            inner join {{ built }} as built
                on
                    tickets.organization_id = built.organization_id
                    and tickets.sale_id = built.sale_id
            union all
            select {{ list_columns('public', columns) }}
            from {{ tickets }} as tickets
            inner join {{ public_table(node) }} as public
                on
                    tickets.organization_id = public.organization_id
                    and tickets.sale_id = public.sale_id
            where not {{ is_recomputed(node, 'public') }}
        )
    {%- endif -%}
{%- endmacro %}

{#-
    All events of the loyalty accounts that changed, built or left as they are: a pass tells a balance
    again from the first change on. Where organizations are rebuilt whole it is what is built.
-#}
{% macro account_history(built, columns) -%}
    {%- if not is_published('loyalty_ledger') -%}
        {{ built }}
    {%- else -%}
        {%- set node = public_node('loyalty_ledger') -%}
        (
            select {{ list_columns('built', columns) }}
            from {{ built }} as built
            union all
            select {{ list_columns('public', columns) }}
            from scope.loyalty_accounts as keys
            inner join {{ public_table(node) }} as public
                on
                    keys.organization_id = public.organization_id
                    and keys.loyalty_account_id = public.loyalty_account_id
            where keys.is_changed and not {{ is_recomputed(node, 'public') }}
        )
    {%- endif -%}
{%- endmacro %}

{#-
    A query of the loyalty accounts of whose events this pass leaves the first as they are, and of
    their balance after those; none where organizations are rebuilt whole.
-#}
{% macro loyalty_balances_before_built(events) -%}
    {%- if not is_published('loyalty_ledger') %}
    select
        organization_id,
        loyalty_account_id,
        points as running_balance
    from {{ events }}
    where false
    {%- else %}
    {%- set node = public_node('loyalty_ledger') %}
    select
        keys.organization_id,
        keys.loyalty_account_id,
        latest.running_balance
    from scope.loyalty_accounts as keys
    cross join lateral (
        select public.running_balance
        from {{ public_table(node) }} as public
        where
            keys.organization_id = public.organization_id
            and keys.loyalty_account_id = public.loyalty_account_id
            and not {{ is_recomputed(node, 'public') }}
        order by public.occurred_at desc, public.loyalty_event_id desc
        limit 1
    ) as latest
    where keys.is_changed
    {%- endif %}
{%- endmacro %}

{#-
    Of the visits that this pass puts together, those that are whole: of days in scope, of which
    every row is read, and of clients whose rows have all been read.
-#}
{% macro is_whole_visit(visits) -%}
    (
        {{ visits }}.customer_id is null
        or {{ is_in_scope(visits, 'customers', ['customer_id'], 'keys.has_new_ids') }}
        or {{ is_in_scope(visits, 'customers', ['customer_id'], 'keys.is_changed') }}
        and {{ is_of_a_day_in_scope(visits) }}
    )
{%- endmacro %}

{#-
    A query of the clients whose visits are numbered again, and what stays as it is before them: from
    the first day on which a visit comes, goes or may have changed. Clients whose rows have all been
    read begin with their first visit, and are in no row; nor is anybody where organizations are
    rebuilt whole.
-#}
{% macro visits_to_renumber(visits) -%}
    {%- if not is_published('visits') %}
    select
        organization_id,
        customer_id,
        visit_date as from_date,
        cast(0 as bigint) as visits_before,
        visit_date as previous_visit_date
    from {{ visits }}
    where false
    {%- else %}
    {%- set public = public_table(public_node('visits')) %}
    select
        changes.organization_id,
        changes.customer_id,
        changes.from_date,
        count(earlier.visit_id) as visits_before,
        max(earlier.visit_date) as previous_visit_date
    from (
        select
            found.organization_id,
            found.customer_id,
            min(found.visit_date) as from_date
        from (
            {%- for relation in [visits, public] %}
            select
                known.organization_id,
                known.customer_id,
                known.visit_date
            from scope.customers as keys
            inner join {{ relation }} as known
                on
                    keys.organization_id = known.organization_id
                    and keys.customer_id = known.customer_id
            where
                keys.is_changed
                and not keys.has_new_ids
                and {{ is_of_a_day_in_scope('known') }}
            {{ "union all" if not loop.last }}
            {%- endfor %}
        ) as found
        group by found.organization_id, found.customer_id
    ) as changes
    left join {{ public }} as earlier
        on
            changes.organization_id = earlier.organization_id
            and changes.customer_id = earlier.customer_id
            and earlier.visit_date < changes.from_date
    group by changes.organization_id, changes.customer_id, changes.from_date
    {%- endif %}
{%- endmacro %}

{#- Puts the published visits that are numbered again in scope, so that publishing replaces them. -#}
{% macro put_renumbered_visits_in_scope(renumbering) -%}
    {%- if not rebuilds_organizations() %}
    insert into scope.visits (organization_id, visit_id)
    {{ renumbered_visits(renumbering, ['organization_id', 'visit_id']) }}
    on conflict do nothing
    {%- endif %}
{%- endmacro %}

{#-
    The published visits that are numbered again and that no new fact can have changed otherwise:
    continues the query of int_visits.
-#}
{% macro union_other_visits(renumbering, columns) -%}
    {%- if is_published('visits') %}
    union all
    {{ renumbered_visits(renumbering, columns) }}
    and not {{ is_of_a_day_in_scope('public') }}
    {%- endif %}
{%- endmacro %}

{% macro renumbered_visits(renumbering, columns) -%}
    select {{ list_columns('public', columns) }}
    from {{ renumbering }} as renumbering
    inner join {{ public_table(public_node('visits')) }} as public
        on
            renumbering.organization_id = public.organization_id
            and renumbering.customer_id = public.customer_id
    where public.visit_date >= renumbering.from_date
{%- endmacro %}

{% macro is_of_a_day_in_scope(visits) -%}
    {{ is_in_scope(visits, 'days', {'location_id': 'location_id', 'business_date': 'visit_date'}) }}
{%- endmacro %}
