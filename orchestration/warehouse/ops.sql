-- The operations log: what was loaded, what was refreshed, what was wrong. Idempotent.
create schema if not exists ops;

create table if not exists ops.loads (
    load_id bigint generated always as identity primary key,
    source_system text not null,
    path text not null,
    mapping text,
    status text not null check (status in ('succeeded', 'failed')),
    rows_read bigint not null default 0,
    rows_inserted bigint not null default 0,
    rows_updated bigint not null default 0,
    rows_deleted bigint not null default 0,
    rows_unchanged bigint not null default 0,
    rows_rejected bigint not null default 0,
    rows_warned bigint not null default 0,
    started_at timestamptz not null,
    finished_at timestamptz not null,
    seconds numeric not null,
    error text
);
-- The refresh that took the load's rows into the marts; null until one did.
alter table ops.loads add column if not exists refresh_id bigint;
create index if not exists loads_not_taken on ops.loads (load_id)
where refresh_id is null and status = 'succeeded';
comment on table ops.loads is
'One row per load. A load is one transaction: its rows and this row commit together. A failed load leaves only this row and its rejected rows.';

create table if not exists ops.load_files (
    load_id bigint not null references ops.loads (load_id) on delete cascade,
    entity text not null,
    file_name text not null,
    sha256 text not null,
    rows_read bigint not null,
    rows_inserted bigint not null,
    rows_updated bigint not null,
    rows_deleted bigint not null,
    rows_unchanged bigint not null,
    rows_rejected bigint not null,
    rows_warned bigint not null,
    primary key (load_id, entity, file_name)
);
comment on table ops.load_files is 'One row per file of a load and entity that it fed.';

create table if not exists ops.rejected_rows (
    rejected_row_id bigint generated always as identity primary key,
    load_id bigint not null references ops.loads (load_id) on delete cascade,
    severity text not null check (severity in ('error', 'warning')),
    entity text not null,
    file_name text not null,
    line_number bigint not null,
    column_name text,
    reason text not null,
    row_text text not null,
    recorded_at timestamptz not null default now()
);
create index if not exists rejected_rows_load on ops.rejected_rows (load_id, entity);
comment on table ops.rejected_rows is
'One row per problem with a row of a file. error: the row was not loaded and is kept here. warning: it was loaded, and something about it needs a look.';

create table if not exists ops.refreshes (
    refresh_id bigint generated always as identity primary key,
    status text not null check (status in ('running', 'succeeded', 'failed')),
    mode text not null default 'incremental' check (mode in ('incremental', 'full', 'verify')),
    as_of timestamptz not null,
    through_load_id bigint,
    triggered_by text not null,
    dagster_run_id text,
    started_at timestamptz not null default clock_timestamp(),
    finished_at timestamptz,
    published_at timestamptz,
    seconds numeric,
    rows_inserted bigint,
    rows_updated bigint,
    rows_deleted bigint,
    error text
);
create unique index if not exists refreshes_one_running on ops.refreshes (status) where status = 'running';
comment on table ops.refreshes is
'One row per refresh of the marts: its clock (as_of), the last load it saw, what it changed, how it ended. At most one runs at a time.';

create table if not exists ops.refresh_steps (
    refresh_id bigint not null references ops.refreshes (refresh_id) on delete cascade,
    step_name text not null,
    step_type text not null,
    status text not null,
    rows bigint,
    rows_inserted bigint,
    rows_updated bigint,
    rows_deleted bigint,
    started_at timestamptz,
    finished_at timestamptz,
    seconds numeric,
    error text,
    primary key (refresh_id, step_type, step_name)
);
alter table ops.refresh_steps add column if not exists note text;
comment on table ops.refresh_steps is 'One row per step of a refresh: a check, a model, a table published, an export.';

create table if not exists ops.data_quality_results (
    result_id bigint generated always as identity primary key,
    refresh_id bigint references ops.refreshes (refresh_id) on delete cascade,
    load_id bigint references ops.loads (load_id) on delete cascade,
    tool text not null check (tool in ('great_expectations', 'dbt')),
    table_name text not null,
    check_name text not null,
    dimension text not null check (dimension in ('completeness', 'accuracy', 'consistency', 'timeliness')),
    severity text not null check (severity in ('error', 'warning')),
    passed boolean not null,
    rows_checked bigint,
    rows_failed bigint,
    observed_value text,
    expected text,
    checked_at timestamptz not null default now()
);
create index if not exists data_quality_results_checked_at on ops.data_quality_results (checked_at);
comment on table ops.data_quality_results is 'One row per check and run, in the four dimensions of data quality.';

create table if not exists ops.exports (
    export_id bigint generated always as identity primary key,
    refresh_id bigint references ops.refreshes (refresh_id) on delete set null,
    export_name text not null,
    organization_id text not null,
    format text not null,
    file_name text not null,
    definition_version text not null,
    rows bigint not null,
    rows_added bigint not null,
    rows_removed bigint not null,
    rows_withheld bigint not null,
    sha256 text not null,
    as_of timestamptz not null,
    exported_at timestamptz not null default now()
);
alter table ops.exports add column if not exists channel text not null default 'none';
alter table ops.exports add column if not exists run_name text not null default '';
alter table ops.exports add column if not exists is_copy boolean not null default false;
create index if not exists exports_by_audience
on ops.exports (organization_id, export_name, channel, export_id);
comment on table ops.exports is
'One row per file of members exported: what it held, how many were withheld for want of consent, its checksum. is_copy: written elsewhere, without a delta.';

create table if not exists ops.export_members (
    organization_id text not null,
    export_name text not null,
    channel text not null,
    customer_id text not null,
    first_export_id bigint not null,
    first_exported_at timestamptz not null,
    primary key (organization_id, export_name, channel, customer_id)
);
comment on table ops.export_members is
'One row per client in the last export of a segment over a channel: ids only. The next export compares itself with it.';

-- The refresh that models are being built for: the running one, else the last published one.
create or replace view ops.refresh_context as
select refresh_id, as_of, through_load_id, mode
from ops.refreshes
where status = 'running' or published_at is not null
order by (status = 'running') desc, refresh_id desc
limit 1;
comment on view ops.refresh_context is 'One row: the clock that models read. The running refresh, else the last one published.';

-- Holds the row of a refresh that runs until the caller's transaction ends, so that nobody closes it.
create or replace function ops.hold_refresh(held_id bigint) returns void
language plpgsql as $function$
begin
    perform from ops.refreshes
    where status = 'running' and refresh_id = held_id
    for no key update;
    if not found then
        raise exception 'The refresh that was to be published has ended meanwhile.'
            ' Nothing was published.';
    end if;
end
$function$;
