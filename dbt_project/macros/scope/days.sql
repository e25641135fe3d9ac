{#- The first and the last published day of each location in scope that moved and stays as it is. -#}
{% macro edges_of_published_days() -%}
    {%- set public = public_table(public_node('financial_daily')) -%}
    select
        places.organization_id,
        places.location_id,
        edges.business_date
    from (select distinct organization_id, location_id from scope.days) as places
    cross join lateral (
        {%- for direction in ['asc', 'desc'] %}
        (
            select public.business_date
            from {{ public }} as public
            where
                public.organization_id = places.organization_id
                and public.location_id = places.location_id
                and public.has_movement
                and not exists (
                    select 1 from scope.days as days
                    where
                        days.organization_id = public.organization_id
                        and days.location_id = public.location_id
                        and days.business_date = public.business_date
                )
            order by public.business_date {{ direction }}
            limit 1
        )
        {{ "union all" if not loop.last }}
        {%- endfor %}
    ) as edges
{%- endmacro %}

{#-
    Joins the days of each location's span that are recomputed: those in scope, and those that no one
    has seen yet, which are before or after the published ones. A location of years has many days
    and few of these, so none of the others is looked at.
-#}
{% macro join_days_to_build(spans, alias) -%}
    {%- if rebuilds_organizations() -%}
        {{ date_spine(spans ~ '.first_date', spans ~ '.last_date', alias) }}
    {%- else -%}
    cross join lateral (
        with days as (
            select scoped.business_date as day
            from scope.days as scoped
            where
                scoped.organization_id = {{ spans }}.organization_id
                and scoped.location_id = {{ spans }}.location_id
        ),
        known as (
            select
                min(public.business_date) as first_date,
                max(public.business_date) as last_date
            from {{ public_table(public_node('financial_daily')) }} as public
            where
                public.organization_id = {{ spans }}.organization_id
                and public.location_id = {{ spans }}.location_id
            having exists (select 1 from days)
        )
        select days.day
        from days
        where days.day between {{ spans }}.first_date and {{ spans }}.last_date
        union
        select cast(before.day as date)
        from known
        {{ date_spine(
            spans ~ '.first_date',
            'least(' ~ spans ~ '.last_date, ' ~ add_days('known.first_date', -1) ~ ')',
            'before'
        ) }}
        union
        select cast(after.day as date)
        from known
        {{ date_spine(
            'greatest(' ~ spans ~ '.first_date, ' ~ add_days('known.last_date', 1) ~ ')',
            spans ~ '.last_date',
            'after'
        ) }}
    ) as {{ alias }}
    {%- endif -%}
{%- endmacro %}

{#-
    Puts the ledger's days in scope, with those that the spine has won or lost, so that publishing
    adds or deletes them: a first sale of a new day brings the empty days before it, a deleted one
    takes them away. Of other tables these days stay as they are: bookings may have been on them.
-#}
{% macro put_ledger_days_in_scope(spine) -%}
    {%- if not rebuilds_organizations() %}
    with days as (
        select
            organization_id,
            location_id,
            business_date
        from scope.days
        union
        select
            organization_id,
            location_id,
            business_date
        from {{ spine }}
        union
        select
            places.organization_id,
            places.location_id,
            lost.business_date
        from (select distinct organization_id, location_id from scope.days) as places
        left join {{ ref('int_financial_spans') }} as spans
            on
                places.organization_id = spans.organization_id
                and places.location_id = spans.location_id
        cross join lateral (
            {%- for is_outside in [
                "< coalesce(spans.first_date, 'infinity')", '> spans.last_date'
            ] %}
            select public.business_date
            from {{ public_table(public_node('financial_daily')) }} as public
            where
                public.organization_id = places.organization_id
                and public.location_id = places.location_id
                and public.business_date {{ is_outside }}
            {{ "union all" if not loop.last }}
            {%- endfor %}
        ) as lost
    ),
    put as (
        insert into scope.ledger_days (organization_id, location_id, business_date)
        select organization_id, location_id, business_date from days
        on conflict do nothing
    )
    insert into scope.months (organization_id, location_id, month_start_date)
    select distinct
        organization_id,
        location_id,
        cast(date_trunc('month', business_date) as date)
    from days
    on conflict do nothing
    {%- endif %}
{%- endmacro %}
