{#-
    What ends a pass of a refresh, in the transaction that publishes it: which loads it took, by what
    clock and definitions each organization's rows were made, what the clock will move next; and,
    after the last pass, the refresh.
-#}
{% macro end_pass_sql() -%}
{{ take_loads_sql() }}
{{ set_alarms_of_bookings_sql() }}
{{ note_organizations_sql() }}
{{ end_refresh_sql() }}
{%- endmacro %}

{% macro take_loads_sql() -%}
update ops.loads as loads
set refresh_id = pass.refresh_id
from scope.loads as taken
cross join scope.pass as pass
where loads.load_id = taken.load_id;
delete from ops.row_changes as changes
using scope.loads as taken
where changes.load_id = taken.load_id;
delete from ops.alarms as alarms
using scope.pass as pass
where pass.is_first and alarms.rings_at <= pass.as_of;
{%- endmacro %}

{#-
    A booking means something else when it begins and when it is over; its end may be its services',
    and without a time it is its day's.
-#}
{% macro set_alarms_of_bookings_sql() -%}
insert into ops.alarms (entity, organization_id, key, rings_at)
select distinct 'appointments', bookings.organization_id, bookings.appointment_id, moments.rings_at
from {{ built_table(public_node('appointments')) }} as bookings
inner join {{ built_table(public_node('locations')) }} as places
    on
        bookings.organization_id = places.organization_id
        and bookings.location_id = places.location_id
cross join scope.pass as pass
cross join lateral (
    values
    (bookings.start_at),
    (bookings.end_at),
    (
        case
            when not bookings.has_start_time then {{ business_day_last_minute(
                'bookings.start_date', 'places.timezone', 'places.business_day_cutoff_minutes'
            ) }}
        end
    )
) as moments (rings_at)
where moments.rings_at > pass.as_of
on conflict do nothing;
{%- endmacro %}

{% macro note_organizations_sql() -%}
update ops.organization_states as states
set
    is_stale = false,
    stale_because = null,
    definitions = pass.definitions,
    as_of = pass.as_of,
    refresh_id = pass.refresh_id,
    rebuilt_at = clock_timestamp()
from scope.organizations as whole
cross join scope.pass as pass
where states.organization_id = whole.organization_id;
update ops.organization_states as states
set coverage = to_jsonb(sent) - 'hides_who_cancelled', refresh_id = pass.refresh_id
from {{ coverage_relation() }} as sent
cross join scope.pass as pass
where
    states.organization_id = sent.organization_id
    and states.organization_id in (select organization_id from scope.touched_organizations);
-- By this clock the others are as they were.
update ops.organization_states as states
set as_of = pass.as_of
from scope.pass as pass
where pass.is_first and not states.is_stale and states.as_of < pass.as_of;
{%- endmacro %}

{% macro coverage_relation() -%}
    {%- set node = graph.nodes['model.' ~ project_name ~ '.int_organization_coverage'] -%}
    {{ return(api.Relation.create(schema=node.schema, identifier=node.alias)) }}
{%- endmacro %}

{#- What ends a refresh well, with the totals of the steps that published tables. -#}
{% macro end_refresh_sql() -%}
update ops.refreshes as refreshes
set
    status = 'succeeded',
    published_at = clock_timestamp(),
    finished_at = clock_timestamp(),
    seconds = extract(epoch from clock_timestamp() - refreshes.started_at),
    rows_inserted = totals.rows_inserted,
    rows_updated = totals.rows_updated,
    rows_deleted = totals.rows_deleted
from (
    select
        coalesce(sum(steps.rows_inserted), 0) as rows_inserted,
        coalesce(sum(steps.rows_updated), 0) as rows_updated,
        coalesce(sum(steps.rows_deleted), 0) as rows_deleted
    from ops.refresh_steps as steps
    inner join ops.refreshes as running on steps.refresh_id = running.refresh_id
    where running.status = 'running' and steps.step_type = 'publish'
) as totals
cross join scope.pass as pass
where refreshes.status = 'running' and pass.is_last;
{%- endmacro %}
