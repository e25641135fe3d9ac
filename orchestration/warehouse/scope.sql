-- What one pass of a refresh recomputes: whole organizations, and keys of the others. Idempotent.
-- The tables are filled by orchestration/refresh/scope and read by dbt's input models and by
-- publishing. They are unlogged and made anew by every version: the next refresh plans anew.
drop schema if exists scope cascade;
create schema scope;
comment on schema scope is
'Keys that the pass of a refresh at work recomputes. Empty tables and whole organizations mean a full rebuild.';

create unlogged table if not exists scope.organizations (
    organization_id text primary key
);
comment on table scope.organizations is 'Organizations of which every key is recomputed.';

create unlogged table if not exists scope.touched_organizations (
    organization_id text primary key
);
comment on table scope.touched_organizations is
'Organizations of which anything is recomputed: whole, or some keys.';

create unlogged table if not exists scope.row_versions (
    entity text not null,
    organization_id text not null,
    key text not null,
    is_current boolean not null,
    row jsonb not null
);
comment on table scope.row_versions is
'Raw rows that changed since the last refresh, or that the clock moves: each as it was and as it is.';

create unlogged table if not exists scope.customers (
    organization_id text not null,
    customer_id text not null,
    is_published boolean not null,
    is_changed boolean not null default false,
    has_new_ids boolean not null default false,
    has_leaving_spend boolean not null default false,
    is_moved boolean not null default false,
    primary key (organization_id, customer_id)
);
comment on table scope.customers is
'Clients of whom all history is read. is_published: their rows are replaced; is_changed: some fact about them is new, so that their visits are numbered again from the first that may have changed; has_new_ids: a merge has given their rows to another or taken them from one, so that all are recomputed; has_leaving_spend: a new day takes some of what they spent out of the last twelve months; is_moved: only their tier and segments are replaced. The others help to count.';

create unlogged table if not exists scope.new_days (
    organization_id text not null,
    location_id text,
    last_date date not null,
    this_date date not null
);
comment on table scope.new_days is
'Places where it is another local day than at the last refresh, and both days; without location_id: of an organization that has no place.';

create unlogged table if not exists scope.profiles (
    organization_id text not null,
    customer_id text not null,
    primary key (organization_id, customer_id)
);
comment on table scope.profiles is 'Ids of clients as sent that rows in scope name.';

-- Bookings, tickets, payments and refunds hang together: found_in is the round of following their links
-- that found a key, or found it changed; 0 where it was found otherwise. may_differ: the published rows
-- may no longer be right; the others are recomputed for the sake of their day, which is counted anew.
create unlogged table if not exists scope.appointments (
    organization_id text not null, appointment_id text not null,
    is_changed boolean not null default false,
    may_differ boolean not null default true,
    found_in integer not null default 0,
    primary key (organization_id, appointment_id)
);
create unlogged table if not exists scope.sales (
    organization_id text not null, sale_id text not null,
    is_changed boolean not null default false,
    may_differ boolean not null default true,
    found_in integer not null default 0,
    primary key (organization_id, sale_id)
);
create unlogged table if not exists scope.payments (
    organization_id text not null, payment_id text not null,
    is_changed boolean not null default false,
    may_differ boolean not null default true,
    found_in integer not null default 0,
    primary key (organization_id, payment_id)
);
create unlogged table if not exists scope.refunds (
    organization_id text not null, refund_id text not null,
    is_changed boolean not null default false,
    may_differ boolean not null default true,
    found_in integer not null default 0,
    primary key (organization_id, refund_id)
);
create unlogged table if not exists scope.gift_card_events (
    organization_id text not null, gift_card_event_id text not null,
    primary key (organization_id, gift_card_event_id)
);
-- changed_from: of a changed account, the instant of the first event that is told again.
create unlogged table if not exists scope.loyalty_accounts (
    organization_id text not null, loyalty_account_id text not null,
    is_changed boolean not null default false,
    changed_from timestamptz,
    primary key (organization_id, loyalty_account_id)
);
create unlogged table if not exists scope.loyalty_events (
    organization_id text not null, loyalty_event_id text not null,
    primary key (organization_id, loyalty_event_id)
);
create unlogged table if not exists scope.packages (
    organization_id text not null, package_id text not null,
    primary key (organization_id, package_id)
);
create unlogged table if not exists scope.package_redemptions (
    organization_id text not null, package_redemption_id text not null,
    primary key (organization_id, package_redemption_id)
);
create unlogged table if not exists scope.memberships (
    organization_id text not null, membership_id text not null,
    primary key (organization_id, membership_id)
);
create unlogged table if not exists scope.staff_shifts (
    organization_id text not null, shift_id text not null,
    primary key (organization_id, shift_id)
);
create unlogged table if not exists scope.campaign_sends (
    organization_id text not null, campaign_send_id text not null,
    primary key (organization_id, campaign_send_id)
);
create unlogged table if not exists scope.visits (
    organization_id text not null, visit_id text not null,
    primary key (organization_id, visit_id)
);
create unlogged table if not exists scope.days (
    organization_id text not null, location_id text not null, business_date date not null,
    primary key (organization_id, location_id, business_date)
);
create unlogged table if not exists scope.ledger_days (
    organization_id text not null, location_id text not null, business_date date not null,
    primary key (organization_id, location_id, business_date)
);
comment on table scope.ledger_days is
'Days of which the ledger is replaced: those in scope, and those that a place''s ledger has won or lost at either end, which dbt finds. Other tables keep their rows of the latter.';
create unlogged table if not exists scope.months (
    organization_id text not null, location_id text not null, month_start_date date not null,
    primary key (organization_id, location_id, month_start_date)
);

create or replace view scope.named_customer_ids as
select rows.organization_id, rows.customer_id
from scope.appointments as keys
inner join raw_native.appointments as rows
    on keys.organization_id = rows.organization_id and keys.appointment_id = rows.appointment_id
where rows.customer_id is not null
union
select rows.organization_id, rows.customer_id
from scope.sales as keys
inner join raw_native.sales as rows
    on keys.organization_id = rows.organization_id and keys.sale_id = rows.sale_id
where rows.customer_id is not null
union
select rows.organization_id, rows.customer_id
from scope.sales as keys
inner join raw_native.sale_lines as rows
    on keys.organization_id = rows.organization_id and keys.sale_id = rows.sale_id
where rows.customer_id is not null
union
select rows.organization_id, rows.customer_id
from scope.payments as keys
inner join raw_native.payments as rows
    on keys.organization_id = rows.organization_id and keys.payment_id = rows.payment_id
where rows.customer_id is not null
union
select rows.organization_id, rows.customer_id
from scope.refunds as keys
inner join raw_native.refunds as rows
    on keys.organization_id = rows.organization_id and keys.refund_id = rows.refund_id
where rows.customer_id is not null
union
select rows.organization_id, rows.customer_id
from scope.gift_card_events as keys
inner join raw_native.gift_card_events as rows
    on keys.organization_id = rows.organization_id and keys.gift_card_event_id = rows.gift_card_event_id
where rows.customer_id is not null
union
select rows.organization_id, rows.customer_id
from scope.loyalty_accounts as keys
inner join raw_native.loyalty_accounts as rows
    on keys.organization_id = rows.organization_id and keys.loyalty_account_id = rows.loyalty_account_id
where rows.customer_id is not null
union
select rows.organization_id, rows.customer_id
from scope.packages as keys
inner join raw_native.packages as rows
    on keys.organization_id = rows.organization_id and keys.package_id = rows.package_id
where rows.customer_id is not null
union
select rows.organization_id, rows.customer_id
from scope.memberships as keys
inner join raw_native.memberships as rows
    on keys.organization_id = rows.organization_id and keys.membership_id = rows.membership_id
where rows.customer_id is not null
union
select rows.organization_id, rows.customer_id
from scope.campaign_sends as keys
inner join raw_native.campaign_sends as rows
    on keys.organization_id = rows.organization_id and keys.campaign_send_id = rows.campaign_send_id
where rows.customer_id is not null;
comment on view scope.named_customer_ids is 'Ids of clients as sent in the raw rows whose keys are in scope.';

-- State that outlives a refresh.
create table if not exists ops.organization_states (
    organization_id text primary key,
    is_stale boolean not null default true,
    stale_because text,
    definitions text,
    coverage jsonb,
    as_of timestamptz,
    refresh_id bigint,
    rebuilt_at timestamptz
);
alter table ops.organization_states add column if not exists verified_at timestamptz;
comment on column ops.organization_states.verified_at is
'When the public rows were last compared with a rebuild; null: never.';
comment on table ops.organization_states is
'One row per organization: by which definitions and clock its public rows were made. A stale one is rebuilt whole by the next refresh.';

create table if not exists ops.row_changes (
    load_id bigint not null,
    entity text not null,
    organization_id text not null,
    key text not null,
    old_row jsonb not null
);
create index if not exists row_changes_load on ops.row_changes (load_id);
comment on table ops.row_changes is
'Raw rows as they were before a load changed them, kept until a refresh has recomputed the keys they name.';

create table if not exists ops.alarms (
    entity text not null,
    organization_id text not null,
    key text not null,
    rings_at timestamptz not null,
    primary key (rings_at, entity, organization_id, key)
);
comment on table ops.alarms is
'Rows whose meaning changes at an instant that lies ahead, such as a booking that will be over: the first refresh after it recomputes them.';

-- Every organization that any raw table names, by jumping along the tables' keys.
create or replace function ops.organization_ids() returns setof text
language plpgsql stable as $function$
declare
    entity_table record;
    found text;
begin
    for entity_table in
        select format('%I.%I', schemaname, tablename) as name
        from pg_catalog.pg_tables where schemaname = 'raw_native'
    loop
        found := null;
        loop
            execute format(
                'select organization_id from %s where $1 is null or organization_id > $1'
                ' order by organization_id limit 1', entity_table.name
            ) into found using found;
            exit when found is null;
            return next found;
        end loop;
    end loop;
end
$function$;

-- Where the chain of merges that begins with a profile ends; itself where there is none, or no end.
create or replace function scope.canonical_customer_id(
    organization text, customer text, moment timestamptz
) returns text
language plpgsql stable as $function$
declare
    here text := customer;
    ahead text;
begin
    for step in 1..100 loop
        select merges.to_customer_id into ahead
        from raw_native.customer_merges as merges
        where
            merges.organization_id = organization
            and merges.from_customer_id = here
            and merges.to_customer_id <> here
            and (not merges._is_deleted or merges.deleted_at > moment)
            and (merges.merged_at is null or merges.merged_at <= moment)
            and (merges.unmerged_at is null or merges.unmerged_at > moment);
        if not found then
            return here;
        end if;
        here := ahead;
    end loop;
    return customer;
end
$function$;

-- When a place's business day begins; by the world's clock where no file describes the place.
create or replace function scope.business_day_start(
    organization text, location text, day date
) returns timestamptz
language sql stable
return (
    select
        (day + cast(coalesce(min(places.business_day_cutoff), '00:00') as interval))
        at time zone coalesce(min(places.timezone), 'UTC')
    from raw_native.locations as places
    where places.organization_id = organization and places.location_id = location
);

create unlogged table if not exists scope.loads (load_id bigint primary key);
comment on table scope.loads is 'Loads whose changes the pass at work takes.';

create unlogged table if not exists scope.pass (
    refresh_id bigint not null,
    as_of timestamptz not null,
    definitions text,
    is_first boolean not null,
    is_last boolean not null
);
comment on table scope.pass is
'One row: the pass at work. The first one takes the loads, the last one ends the refresh.';
