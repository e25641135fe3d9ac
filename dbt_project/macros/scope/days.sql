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

{#- Whether a day of a location's span is recomputed: one in scope, or one that no one has seen yet. -#}
{% macro is_day_to_build(spans, day) -%}
    {%- if rebuilds_organizations() -%}
        true
    {%- else -%}
        exists (
            select 1 from scope.days as days
            where
                days.organization_id = {{ spans }}.organization_id
                and days.location_id = {{ spans }}.location_id
                and days.business_date = {{ day }}
        )
        or exists (
            select 1 from scope.days as days
            where
                days.organization_id = {{ spans }}.organization_id
                and days.location_id = {{ spans }}.location_id
        ) and not exists (
            select 1
            from {{ public_table(public_node('financial_daily')) }} as public
            where
                public.organization_id = {{ spans }}.organization_id
                and public.location_id = {{ spans }}.location_id
                and public.business_date = {{ day }}
        )
    {%- endif -%}
{%- endmacro %}

{#-
    Puts days that the spine has won or lost in scope, so that publishing adds or deletes them: a
    first sale of a new day brings the empty days before it, a deleted one takes them away.
-#}
{% macro put_days_of_the_spine_in_scope(spine) -%}
    {%- if not rebuilds_organizations() %}
    with days as (
        select
            spine.organization_id,
            spine.location_id,
            spine.business_date
        from {{ spine }} as spine
        union
        select
            public.organization_id,
            public.location_id,
            public.business_date
        from (select distinct organization_id, location_id from scope.days) as places
        inner join {{ public_table(public_node('financial_daily')) }} as public
            on
                places.organization_id = public.organization_id
                and places.location_id = public.location_id
        left join {{ ref('int_financial_spans') }} as spans
            on
                public.organization_id = spans.organization_id
                and public.location_id = spans.location_id
        where
            spans.location_id is null
            or public.business_date < spans.first_date
            or public.business_date > spans.last_date
    ),
    put as (
        insert into scope.days (organization_id, location_id, business_date)
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
