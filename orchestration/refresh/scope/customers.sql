-- name: touched
-- Ids of clients as sent, in the rows that changed and in those that hang on them.
insert into scope.profiles (organization_id, customer_id)
select organization_id, customer_id
from (
    select organization_id, row ->> 'customer_id' as customer_id
    from scope.row_versions
    where entity <> 'staff' and entity <> 'campaign_sends'
    union
    select organization_id, row ->> 'from_customer_id'
    from scope.row_versions where entity = 'customer_merges'
    union
    select organization_id, row ->> 'to_customer_id'
    from scope.row_versions where entity = 'customer_merges'
    union
    select accounts.organization_id, accounts.customer_id
    from scope.row_versions as versions
    inner join raw_native.loyalty_accounts as accounts
        on
            versions.organization_id = accounts.organization_id
            and versions.row ->> 'loyalty_account_id' = accounts.loyalty_account_id
    where versions.entity = 'loyalty_events'
    union
    select organization_id, customer_id
    from scope.named_customer_ids
) as named
where customer_id is not null
on conflict do nothing

-- name: merged
-- Whom a merge that came or went concerns: who they are now, and who they were before.
insert into scope.customers (organization_id, customer_id, is_published, is_changed, has_new_ids)
with merged as (
    select versions.organization_id, ids.customer_id
    from scope.row_versions as versions
    cross join lateral (
        values (versions.row ->> 'from_customer_id'), (versions.row ->> 'to_customer_id')
    ) as ids (customer_id)
    where versions.entity = 'customer_merges' and ids.customer_id is not null
)
select
    organization_id,
    scope.canonical_customer_id(organization_id, customer_id, %(as_of)s),
    true,
    true,
    true
from merged
union
select clients.organization_id, clients.customer_id, true, true, true
from merged
inner join marts.customer_analytics as clients
    on
        merged.organization_id = clients.organization_id
        and clients.source_customer_ids @> array[merged.customer_id]
on conflict do nothing

-- name: clients
-- Whom the ids in rows that changed stand for.
insert into scope.customers (organization_id, customer_id, is_published, is_changed)
select distinct
    organization_id,
    scope.canonical_customer_id(organization_id, customer_id, %(as_of)s),
    true,
    true
from scope.profiles
on conflict do nothing

-- name: referring
-- Clients whose referrer is known by another id since a merge.
insert into scope.customers (organization_id, customer_id, is_published)
select clients.organization_id, clients.customer_id, true
from scope.customers as keys
inner join marts.customer_analytics as clients
    on
        keys.organization_id = clients.organization_id
        and keys.customer_id = clients.referred_by_customer_id
where keys.has_new_ids
on conflict do nothing

-- name: of_new_days
-- A new day moves the counts of days of every client.
insert into scope.customers (organization_id, customer_id, is_published)
select clients.organization_id, clients.customer_id, true
from (select distinct organization_id from scope.new_days) as days
inner join marts.customer_analytics as clients
    on days.organization_id = clients.organization_id
on conflict do nothing

-- name: of_leaving_spend
-- What was bought or given back 365 days ago leaves the last twelve months (int_customer_sales,
-- int_customer_refunds).
update scope.customers as keys
set has_leaving_spend = true
from (
    select rows.organization_id, rows.customer_id
    from scope.new_days as days
    inner join marts.sale_lines as rows
        on
            days.organization_id = rows.organization_id
            and days.location_id = rows.location_id
            and days.last_date - 365 < rows.service_date
            and days.this_date - 365 >= rows.service_date
    union
    select rows.organization_id, rows.customer_id
    from scope.new_days as days
    inner join marts.refunds as rows
        on
            days.organization_id = rows.organization_id
            and days.location_id = rows.location_id
            and days.last_date - 365 < rows.business_date
            and days.this_date - 365 >= rows.business_date
) as leaving
where
    keys.organization_id = leaving.organization_id
    and keys.customer_id = leaving.customer_id

-- name: cluster
-- All ids of the clients in scope, so that whatever names them is found.
insert into scope.profiles (organization_id, customer_id)
select clients.organization_id, unnest(clients.source_customer_ids)
from scope.customers as keys
inner join marts.customer_analytics as clients
    on
        keys.organization_id = clients.organization_id
        and keys.customer_id = clients.customer_id
union
select organization_id, customer_id
from scope.customers
on conflict do nothing

-- name: referred_by_newly_known
-- Clients whose referrer had no name here before: a profile has come, or a merge.
insert into scope.customers (organization_id, customer_id, is_published)
select distinct
    clients.organization_id,
    scope.canonical_customer_id(clients.organization_id, clients.customer_id, %(as_of)s),
    true
from scope.profiles as keys
inner join raw_native.customers as clients
    on
        keys.organization_id = clients.organization_id
        and keys.customer_id = clients.referred_by_customer_id
where exists (
    select 1 from scope.row_versions as versions
    where
        versions.organization_id = keys.organization_id
        and (
            versions.entity = 'customer_merges'
            or (versions.entity = 'customers' and versions.key = keys.customer_id)
        )
)
on conflict do nothing

-- name: referrers
-- A referrer's row counts who of those they brought has come.
insert into scope.customers (organization_id, customer_id, is_published)
select clients.organization_id, clients.referred_by_customer_id, true
from scope.customers as keys
inner join marts.customer_analytics as clients
    on
        keys.organization_id = clients.organization_id
        and keys.customer_id = clients.customer_id
where clients.referred_by_customer_id is not null
union
select
    profiles.organization_id,
    scope.canonical_customer_id(
        profiles.organization_id, profiles.referred_by_customer_id, %(as_of)s
    ),
    true
from scope.profiles as keys
inner join raw_native.customers as profiles
    on
        keys.organization_id = profiles.organization_id
        and keys.customer_id = profiles.customer_id
where profiles.referred_by_customer_id is not null
on conflict do nothing

-- name: referred
insert into scope.customers (organization_id, customer_id, is_published)
select clients.organization_id, clients.customer_id, false
from scope.customers as keys
inner join marts.customer_analytics as clients
    on
        keys.organization_id = clients.organization_id
        and keys.customer_id = clients.referred_by_customer_id
on conflict do nothing
