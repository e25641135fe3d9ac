with staff_shifts as (
    select *
    from {{ scoped(ref('stg_native__staff_shifts'), 'staff_shifts', 'shift_id') }}
        as staff_shifts
),

final as (
    select
        staff_shifts.organization_id,
        staff_shifts.shift_id,
        staff_shifts.staff_id,
        staff_shifts.location_id,
        staff_shifts.scheduled_start_at,
        staff_shifts.scheduled_end_at,
        staff_shifts.worked_start_at,
        staff_shifts.worked_end_at,
        staff_shifts.paid_break_minutes,
        staff_shifts.unpaid_break_minutes,
        staff_shifts.blocked_minutes,
        {{ to_minor('staff_shifts.declared_cash_tips', 'locations.currency_exponent') }}
            as declared_cash_tips_minor,
        locations.currency,
        staff_shifts.source_system,
        staff_shifts.load_id
    from staff_shifts
    {{ join_locations('staff_shifts') }}
    where {{ is_live('staff_shifts') }}
)

select * from final
