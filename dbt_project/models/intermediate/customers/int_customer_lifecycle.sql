-- One row per client: where they stand in both life-cycle vocabularies and by their own
-- cadence, on the local day of the refresh's clock.
with thresholds as (
    select
        max(case when lifecycle_stage = 'NEW' then max_days end) as new_days,
        max(case when lifecycle_stage = 'ACTIVE' then max_days end) as active_days,
        max(case when lifecycle_stage = 'AT_RISK' then max_days end) as at_risk_days
    from {{ ref('lifecycle_stages') }}
),

known as (
    select
        visits.*,
        age.today_date,
        cadence.typical_gap_days,
        coalesce(bookings.accepted_bookings, 0) > 0 as has_booked,
        round({{ safe_divide(
            days_between('cadence.last_visit_date', 'age.today_date'),
            'cadence.typical_gap_days'
        ) }}, 4) as overdue_ratio
    from {{ ref('int_customer_visits') }} as visits
    {{ join_customer_facts(ref('int_customer_age'), 'visits', 'age') }}
    {{ join_customer_facts(ref('int_customer_bookings'), 'visits', 'bookings') }}
    {{ join_customer_facts(ref('int_customer_cadence'), 'visits', 'cadence') }}
),

final as (
    select
        known.organization_id,
        known.customer_id,
        known.overdue_ratio,
        cadence_states.cadence_state,
        coalesce(lifecycle_statuses.lifecycle_status, 'never_visited')
            as lifecycle_status,
        case
            when known.visits = 0 and not known.has_booked then 'NEVER_BOOKED'
            when known.visits = 0 then 'NEW'
            when known.tenure_days <= thresholds.new_days then 'NEW'
            when known.days_since_last_visit <= thresholds.active_days then 'ACTIVE'
            when known.days_since_last_visit <= thresholds.at_risk_days then 'AT_RISK'
            else 'LOST'
        end as lifecycle_stage,
        lifecycle_statuses.baseline_retention_years
    from known
    cross join thresholds
    left join {{ ref('lifecycle_statuses') }} as lifecycle_statuses
        on
            known.days_since_last_visit >= lifecycle_statuses.min_days_since_last_visit
            and (
                lifecycle_statuses.max_days_since_last_visit is null
                or known.days_since_last_visit
                <= lifecycle_statuses.max_days_since_last_visit
            )
    left join {{ ref('cadence_states') }} as cadence_states
        on
            known.overdue_ratio >= cadence_states.min_overdue_ratio
            and (
                cadence_states.below_overdue_ratio is null
                or known.overdue_ratio < cadence_states.below_overdue_ratio
            )
)

select * from final
