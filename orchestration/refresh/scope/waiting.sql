-- name: loads
select exists (select 1 from ops.loads where status = 'succeeded' and refresh_id is null)

-- name: alarms
select exists (select 1 from ops.alarms where rings_at <= %(as_of)s)

-- name: organizations
select
    not exists (select 1 from ops.organization_states)
    or exists (
        select 1 from ops.organization_states
        where is_stale or definitions is distinct from %(definitions)s or as_of > %(as_of)s
    )

-- name: new_days
select exists (select 1 from ({new_days}) as places)
