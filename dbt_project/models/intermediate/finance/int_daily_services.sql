-- One row per location, day and member of staff: what became of the booked services.
with services as (
    select
        services.*,
        coalesce(services.staff_id, '__unassigned__') as member_id
    from {{ ref('int_appointment_services_derived') }} as services
    inner join {{ ref('int_location_today') }} as locations
        on
            services.organization_id = locations.organization_id
            and services.location_id = locations.location_id
    where
        services.start_date <= locations.today_date
        and (services.is_attended or services.is_no_show or services.is_cancelled)
),

final as (
    select
        organization_id,
        location_id,
        start_date as business_date,
        member_id as staff_id,
        cast(sum(case when is_attended then 1 else 0 end) as bigint)
            as attended_services,
        -- NULL where services were attended and nothing says how long any of them took.
        cast(
            case
                when max(case when is_attended then 1 else 0 end) = 0 then 0
                else sum(case when is_attended then service_minutes end)
            end as bigint
        ) as service_minutes,
        cast(sum(case when is_no_show then 1 else 0 end) as bigint) as no_show_services,
        cast(sum(case when is_cancelled then 1 else 0 end) as bigint)
            as cancelled_services
    from services
    group by organization_id, location_id, start_date, member_id
)

select * from final
