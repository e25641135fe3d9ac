{#-
    How the structure of public tables differs from that of the built ones, as one row per change:
    table_name, what (change, fill, refuse), statements, and a note for the log. One look at the
    catalogue and no lock; no row where nothing differs.
-#}
{% macro structure_differences_sql(nodes, with_indexes) -%}
with pairs as (
    select
        to_regclass(pair.built)::oid as built,
        to_regclass(pair.public)::oid as public,
        pair.public as table_name
    from (values {% for node in nodes -%}
        ({{ dbt.string_literal(built_table(node) | string) }},
        {{ dbt.string_literal(public_table(node) | string) }}){{ ", " if not loop.last }}
    {%- endfor %}) as pair (built, public)
    where to_regclass(pair.built) is not null and to_regclass(pair.public) is not null
),
{{ structure_columns_ctes_sql() }}
{{ wanted_indexes_cte_sql(nodes if with_indexes else []) }}
select table_name, 0 as position, 'refuse' as what, '' as statements,
    format(
        '%s is kept by the key (%s), and its model now says (%s). A public table keeps its key: give'
        ' the model its old key back, or another name.', table_name, public_key, built_key
    ) as note
from keys where built_key <> public_key
union all
select table_name, 0, 'refuse', '',
    format(
        'Column %s of the key of %s became %s, and %s uses it. Drop what uses it, or give the column'
        ' its old type back.', name, table_name, type, users
    )
from retyped where in_key and users is not null
union all
select table_name, 10, 'change', format('alter table %s drop column %I', table_name, name),
    format('column %s was dropped', name)
from unmatched where users is null
union all
select table_name, parts.position, parts.what,
    format(parts.statement, table_name, name, obsolete_comment), format(parts.note, name, users)
from unmatched
cross join (
    values
    (20, 'change', 'alter table %1$s alter column %2$I drop not null', ''),
    (21, 'fill', 'update %1$s set %2$I = null where %2$I is not null', ''),
    (
        22, 'change', 'comment on column %1$s.%2$I is %3$L',
        'column %1$s is obsolete and empty, and kept because of %2$s'
    )
) as parts (position, what, statement, note)
where users is not null and comment not like 'Obsolete and empty:%'
union all
select table_name, 30, 'change', format('alter table %s add column %I %s', table_name, name, type),
    format('column %s was added', name)
from added
union all
select table_name, 40, 'change',
    format(
        'do $retype$ begin alter table %1$s alter column %2$I type %3$s using %2$I::%3$s;'
        ' exception when data_exception or cannot_coerce or datatype_mismatch then %4$s;'
        ' end $retype$', table_name, name, type,
        case
            when in_key then format(
                'raise exception ''Column %% of the key of %% cannot become %%. Give it its old'
                ' type back, or the model another name.'', %1$L, %2$L, %3$L', name, table_name, type
            )
            else format(
                'alter table %1$s drop column %2$I; alter table %1$s add column %2$I %3$s',
                table_name, name, type
            )
        end
    ),
    format('column %s became %s', name, type)
from retyped where in_place
union all
select table_name, parts.position, parts.what,
    format(
        parts.statement, table_name, name, name || '__retyped', type,
        name || '__until_refresh_' || (select refresh_id from ops.refresh_context)
    ),
    format(parts.note, name, type)
from retyped
cross join (
    values
    (41, true, true, 'change', 'alter table %1$s add column %3$I %4$s', ''),
    (42, true, true, 'fill', 'update %1$s set %3$I = %2$I::%4$s', ''),
    (
        43, true, false, 'change', 'alter table %1$s drop column %2$I;'
        ' alter table %1$s rename column %3$I to %2$I', 'column %s became %s'
    ),
    (
        43, false, true, 'change', 'alter table %1$s rename column %2$I to %5$I;'
        ' alter table %1$s rename column %3$I to %2$I', 'column %s became %s'
    )
) as parts (position, if_unused, if_used, what, statement, note)
where not in_place and case when users is null then parts.if_unused else parts.if_used end
union all
select table_name, 50, 'change',
    format('alter table %s alter column %I drop not null', table_name, name),
    format('column %s may be null', name)
from matched where public_not_null and not built_not_null and not in_key
union all
select table_name, 60, 'change',
    format('comment on column %s.%I is %L', table_name, name, built_comment), ''
from matched where built_comment <> coalesce(public_comment, '')
union all
select table_name, 61, 'change', format('comment on table %s is %L', table_name, built_comment), ''
from table_comments where built_comment <> coalesce(public_comment, '')
union all
select table_name, 70, 'change',
    format('create index on %s using %s', table_name, shape), 'an index was added'
from wanted_indexes
where not exists (
    select 1
    from pg_catalog.pg_index as indexes
    where indexes.indrelid = wanted_indexes.public
        and regexp_replace(pg_get_indexdef(indexes.indexrelid), '^.*? USING ', '')
        = wanted_indexes.shape
)
order by table_name, position, statements
{%- endmacro %}

{#- Columns, keys and indexes of both tables of a pair, side by side. -#}
{% macro structure_columns_ctes_sql() -%}
built_columns as (
    select
        pairs.*, columns.attname::text as name, columns.atttypid, columns.atttypmod,
        format_type(columns.atttypid, columns.atttypmod) as type,
        columns.attnotnull as built_not_null,
        col_description(columns.attrelid, columns.attnum) as built_comment
    from pairs
    inner join pg_catalog.pg_attribute as columns on columns.attrelid = pairs.built
    where columns.attnum > 0 and not columns.attisdropped
),
public_columns as (
    select
        pairs.*, columns.attname::text as name, columns.attnum, columns.atttypid,
        columns.atttypmod, columns.attnotnull as public_not_null,
        coalesce(col_description(columns.attrelid, columns.attnum), '') as comment
    from pairs
    inner join pg_catalog.pg_attribute as columns on columns.attrelid = pairs.public
    where columns.attnum > 0 and not columns.attisdropped
),
{#- What Postgres would have to drop with a column: views and what else names it, not its indexes. #}
column_users as (
    select
        public_columns.public, public_columns.name,
        string_agg(distinct case
            when uses.classid = 'pg_rewrite'::regclass
                then (
                    select 'the view ' || rules.ev_class::regclass::text
                    from pg_catalog.pg_rewrite as rules where rules.oid = uses.objid
                )
            else pg_describe_object(uses.classid, uses.objid, uses.objsubid)
        end, ', ') filter (where uses.deptype = 'n') as users,
        bool_or(uses.classid = 'pg_class'::regclass or constraints.contype in ('p', 'u'))
        as is_indexed
    from public_columns
    inner join pg_catalog.pg_depend as uses
        on uses.refclassid = 'pg_class'::regclass
        and uses.refobjid = public_columns.public
        and uses.refobjsubid = public_columns.attnum
    left join pg_catalog.pg_constraint as constraints
        on uses.classid = 'pg_constraint'::regclass and uses.objid = constraints.oid
    where uses.deptype in ('n', 'a')
    group by public_columns.public, public_columns.name
),
matched as (
    select
        built_columns.*, public_columns.public_not_null,
        nullif(public_columns.comment, '') as public_comment,
        (public_columns.atttypid, public_columns.atttypmod)
        <> (built_columns.atttypid, built_columns.atttypmod) as is_retyped,
        exists (
            select 1 from pg_catalog.pg_index as keys
            where keys.indrelid = built_columns.public and keys.indisprimary
                and public_columns.attnum = any(keys.indkey)
        ) as in_key,
        exists (
            select 1 from pg_catalog.pg_cast as casts
            where casts.castsource = public_columns.atttypid
                and casts.casttarget = built_columns.atttypid
                and casts.castmethod = 'b' and built_columns.atttypmod = -1
        ) as is_coercible
    from built_columns
    inner join public_columns
        on built_columns.public = public_columns.public and built_columns.name = public_columns.name
),
retyped as (
    select
        matched.*, column_users.users,
        matched.in_key or column_users.users is null
        and (matched.is_coercible or coalesce(column_users.is_indexed, false)) as in_place
    from matched
    left join column_users
        on matched.public = column_users.public and matched.name = column_users.name
    where matched.is_retyped
),
added as (
    select built_columns.*
    from built_columns
    left join public_columns
        on built_columns.public = public_columns.public and built_columns.name = public_columns.name
    where public_columns.name is null
),
unmatched as (
    select
        public_columns.*, column_users.users,
        'Obsolete and empty: the model has it no more. Kept because of ' || column_users.users
        || '; once nobody uses it, the next refresh drops it.' as obsolete_comment
    from public_columns
    left join built_columns
        on public_columns.public = built_columns.public and public_columns.name = built_columns.name
    left join column_users
        on public_columns.public = column_users.public and public_columns.name = column_users.name
    where built_columns.name is null
),
table_comments as (
    select
        table_name,
        obj_description(built, 'pg_class') as built_comment,
        obj_description(public, 'pg_class') as public_comment
    from pairs
),
keys as (
    select
        pairs.table_name,
        {%- for side in ('built', 'public') %}
        (
            select string_agg(columns.attname, ', ' order by parts.position)
            from pg_catalog.pg_index as indexes
            cross join lateral unnest(indexes.indkey) with ordinality as parts (number, position)
            inner join pg_catalog.pg_attribute as columns
                on columns.attrelid = indexes.indrelid and columns.attnum = parts.number
            where indexes.indrelid = pairs.{{ side }} and indexes.indisprimary
        ) as {{ side }}_key{{ "," if not loop.last }}
        {%- endfor %}
    from pairs
),
{%- endmacro %}

{#- The indexes that models give their public tables; made by the last pass of a refresh. -#}
{% macro wanted_indexes_cte_sql(nodes) -%}
wanted_indexes as (
    select pairs.public, pairs.table_name, wanted.shape
    from pairs
    inner join (
        {%- for node in nodes %}
        {%- for shape in index_shapes(node) %}
        select {{ quoted_text(public_table(node) | string) }} as table_name,
            {{ quoted_text(shape) }} as shape
        union all
        {%- endfor %}
        {%- endfor %}
        select built_pairs.table_name, shapes.shape
        from pairs as built_pairs
        cross join lateral (
            {{ built_index_shapes_sql('built_pairs.built') }}
        ) as shapes (shape)
        where {{ 'true' if nodes else 'false' }}
    ) as wanted on pairs.table_name = wanted.table_name
)
{%- endmacro %}
