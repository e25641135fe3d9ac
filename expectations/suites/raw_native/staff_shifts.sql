-- One row per organization: the shifts of its people.
with shifts as (
    select
        shifts.*,
        staff.staff_id is not null as has_person,
        lag(shifts.scheduled_end_at) over (
            partition by shifts.organization_id, shifts.staff_id
            order by shifts.scheduled_start_at
        ) as previous_end_at
    from raw_native.staff_shifts as shifts
    left join raw_native.staff
        on shifts.organization_id = staff.organization_id and shifts.staff_id = staff.staff_id
    where not shifts._is_deleted
)

select
    organization_id,
    max(_source_system) as source_system,
    count(*) as shifts,
    count(*) filter (where not has_person) as of_unknown_person,
    count(*) filter (
        where
            coalesce(worked_end_at, scheduled_end_at)
            - coalesce(worked_start_at, scheduled_start_at) > interval '16 hours'
    ) as implausible_length,
    count(*) filter (where scheduled_start_at is not null) as scheduled_shifts,
    count(*) filter (where scheduled_start_at < previous_end_at) as overlapping,
    count(*) filter (
        where scheduled_end_at < %(as_of)s - interval '2 days'
    ) as past_scheduled_shifts,
    case
        when count(worked_start_at) > 0
            then count(*) filter (
                where
                    scheduled_end_at < %(as_of)s - interval '2 days' and worked_start_at is null
            )
    end as never_worked
from shifts
group by organization_id
