-- One row per organization: its people, and whether those who left still serve.
with last_served as (
    select organization_id, staff_id, max(cast(start_at as date)) as served_date
    from raw_native.appointment_services
    where not _is_deleted and staff_id is not null and start_at <= %(as_of)s
    group by organization_id, staff_id
)

select
    staff.organization_id,
    max(staff._source_system) as source_system,
    count(*) as people,
    case
        when count(staff.name) > 0 then count(*) filter (where staff.name is null)
    end as without_name,
    count(*) filter (where staff.left_date is not null) as people_who_left,
    count(*) filter (
        where last_served.served_date > staff.left_date + 7
    ) as served_after_leaving
from raw_native.staff
left join last_served
    on
        staff.organization_id = last_served.organization_id
        and staff.staff_id = last_served.staff_id
where not staff._is_deleted and staff.staff_type is distinct from 'house'
group by staff.organization_id
