-- name: register
-- Every organization has a state; one that is new has never been built.
insert into ops.organization_states (organization_id, stale_because)
select distinct ids.organization_id, 'new'
from ops.organization_ids() as ids (organization_id)
on conflict (organization_id) do nothing

-- name: mark_definitions
update ops.organization_states
set is_stale = true, stale_because = 'definitions changed'
where not is_stale and definitions is distinct from %(definitions)s

-- name: mark_clock
update ops.organization_states
set is_stale = true, stale_because = 'clock turned back'
where not is_stale and as_of > %(as_of)s

-- name: new_days
-- Places where it is another day than at their organization's last refresh.
select
    places.organization_id,
    places.location_id,
    cast((places.as_of at time zone places.timezone) - places.cutoff as date) as last_date,
    cast((%(as_of)s at time zone places.timezone) - places.cutoff as date) as this_date
from (
    select
        states.organization_id,
        states.as_of,
        locations.location_id,
        coalesce(locations.timezone, 'UTC') as timezone,
        coalesce(locations.business_day_cutoff_minutes, 0) * interval '1 minute' as cutoff
    from ops.organization_states as states
    left join marts.locations as locations
        on states.organization_id = locations.organization_id
    where not states.is_stale
) as places
where
    cast((%(as_of)s at time zone places.timezone) - places.cutoff as date)
    <> cast((places.as_of at time zone places.timezone) - places.cutoff as date)

-- name: mark_long_pauses
-- After many days a rebuild is less work than catching up with each.
update ops.organization_states as states
set is_stale = true, stale_because = 'not refreshed for a month'
where not states.is_stale and states.as_of < %(as_of)s - interval '31 days'

-- name: mark_settings
-- What gives other rows their meaning: clocks, money, names, kinds of people.
with watched (entity, field) as (
    values
    ('organizations', 'default_currency'),
    ('locations', 'timezone'),
    ('locations', 'currency'),
    ('locations', 'business_day_cutoff'),
    ('services', 'name'),
    ('services', 'category'),
    ('products', 'name'),
    ('products', 'category'),
    ('staff', 'staff_type'),
    ('customers', 'customer_type')
),
compared as (
    select
        versions.entity,
        versions.organization_id,
        versions.key,
        bool_and(versions.is_current) as is_new,
        count(distinct (
            coalesce(versions.row ->> watched.field, ''),
            versions.row ->> '_is_deleted', coalesce(versions.row ->> 'deleted_at', '')
        )) > 1 as differs,
        bool_or(
            versions.entity not in ('staff', 'customers')
            or versions.row ->> watched.field in ('house', 'walk_in', 'test')
        )
        -- Rows may name a person who is gone.
        or versions.entity = 'staff'
        and count(distinct (
            versions.row ->> '_is_deleted', coalesce(versions.row ->> 'deleted_at', '')
        )) > 1 as matters
    from scope.row_versions as versions
    inner join watched on versions.entity = watched.entity
    group by versions.entity, versions.organization_id, versions.key, watched.field
),
merged_into_nobody as (
    select versions.organization_id
    from scope.row_versions as versions
    cross join lateral (
        values
        (versions.row ->> 'from_customer_id'), (versions.row ->> 'to_customer_id'),
        (scope.canonical_customer_id(
            versions.organization_id, versions.row ->> 'to_customer_id', %(as_of)s
        ))
    ) as ids (customer_id)
    inner join raw_native.customers as customers
        on
            versions.organization_id = customers.organization_id
            and ids.customer_id = customers.customer_id
    where
        versions.entity = 'customer_merges'
        and customers.customer_type in ('walk_in', 'test')
),
-- What a test profile gives or takes appears or goes with all that hangs on it, unpublished.
named as (
    select
        versions.entity,
        versions.organization_id,
        versions.key,
        coalesce(profiles.customer_type = 'test', false) as is_test
    from scope.row_versions as versions
    left join raw_native.customer_merges as merges
        on
            versions.organization_id = merges.organization_id
            and versions.row ->> 'customer_id' = merges.from_customer_id
    left join raw_native.customers as profiles
        on
            versions.organization_id = profiles.organization_id
            and profiles.customer_id = case
                when merges.from_customer_id is null then versions.row ->> 'customer_id'
                else scope.canonical_customer_id(
                    versions.organization_id, merges.from_customer_id, %(as_of)s
                )
            end
    where versions.entity not in ('customers', 'staff')
),
moved_by_a_test as (
    select organization_id, entity
    from named
    group by organization_id, entity, key
    having count(distinct is_test) > 1
),
found as (
    select compared.organization_id, compared.entity
    from compared
    where
        compared.matters
        and (
            compared.differs
            -- A name that is new here matters where rows have named it before it came.
            or compared.is_new and case compared.entity
                when 'services' then exists (
                    select 1 from marts.services as known
                    where
                        known.organization_id = compared.organization_id
                        and known.service_id = compared.key
                )
                when 'products' then exists (
                    select 1 from marts.products as known
                    where
                        known.organization_id = compared.organization_id
                        and known.product_id = compared.key
                )
                when 'staff' then exists (
                    select 1 from marts.staff as known
                    where
                        known.organization_id = compared.organization_id
                        and known.staff_id = compared.key
                )
                when 'customers' then exists (
                    select 1 from marts.customer_analytics as known
                    where
                        known.organization_id = compared.organization_id
                        and known.customer_id = compared.key
                )
                else true
            end
        )
    union all
    select organization_id, 'customer_merges'
    from merged_into_nobody
    union all
    select organization_id, entity || ' of a test profile'
    from moved_by_a_test
)
update ops.organization_states as states
set is_stale = true, stale_because = 'changed: ' || found.entity
from found
where states.organization_id = found.organization_id and not states.is_stale

-- name: mark_vanished
-- A place, person or item that no file describes is listed as long as anything names it.
with inferred as (
    select organization_id, 'location' as kind, location_id as id
    from marts.locations where is_inferred
    union all
    select organization_id, 'staff', staff_id from marts.staff where is_inferred
    union all
    select organization_id, 'item', service_id from marts.services where is_inferred
    union all
    select organization_id, 'item', product_id from marts.products where is_inferred
),
named as (
    select
        versions.entity,
        versions.organization_id,
        versions.key,
        versions.is_current
        and not cast(versions.row ->> '_is_deleted' as boolean)
        and versions.row ->> 'deleted_at' is null as is_live,
        names.kind,
        names.id
    from scope.row_versions as versions
    cross join lateral (
        values
        ('location', versions.row ->> 'location_id'),
        ('staff', versions.row ->> 'staff_id'),
        ('staff', versions.row ->> 'tip_staff_id'),
        ('item', versions.row ->> 'service_id'),
        ('item', versions.row ->> 'item_id')
    ) as names (kind, id)
    where names.id is not null
),
lost as (
    select named.organization_id
    from named
    inner join inferred
        on
            named.organization_id = inferred.organization_id
            and named.kind = inferred.kind
            and named.id = inferred.id
    group by named.entity, named.organization_id, named.key, named.kind, named.id
    having not bool_or(named.is_live)
    union all
    -- With a ticket or a booking go the names on its lines.
    select versions.organization_id
    from scope.row_versions as versions
    where
        versions.entity in ('appointments', 'sales')
        and versions.is_current
        and (
            cast(versions.row ->> '_is_deleted' as boolean)
            or versions.row ->> 'deleted_at' is not null
        )
        and versions.organization_id in (select organization_id from inferred)
)
update ops.organization_states as states
set is_stale = true, stale_because = 'a name may have gone'
from lost
where states.organization_id = lost.organization_id and not states.is_stale

-- name: mark_coverage
-- A kind of data that an organization begins to send, or ends to, turns NULL into zero everywhere.
update ops.organization_states as states
set is_stale = true, stale_because = 'sends other kinds of data'
from {coverage} as sent
where
    states.organization_id = sent.organization_id
    and not states.is_stale
    and states.organization_id in (select organization_id from scope.row_versions)
    and states.coverage is distinct from to_jsonb(sent)
