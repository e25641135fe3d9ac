-- One row per thing that moves the accrual ledger: where, when, whose work, which
-- ladder line.
with line_entries as (
    select
        organization_id,
        location_id,
        staff_id,
        ladder_line,
        line_type,
        currency,
        amount_minor,
        service_date as business_date
    from {{ ref('int_sale_line_components') }}
),

-- Refunds that pay for returned lines are left out: those lines count as returns
-- themselves.
reversals as (
    select * from {{ ref('int_refund_allocations') }}
    where not is_return_settlement and link <> 'unallocated'
),

refund_entries as (
    select
        organization_id,
        location_id,
        staff_id,
        {{ ladder_line_of_line_type('line_type') }} as ladder_line,
        line_type,
        currency,
        -net_minor as amount_minor,
        business_date
    from reversals
    union all
    select
        organization_id,
        location_id,
        staff_id,
        'tax' as ladder_line,
        line_type,
        currency,
        -tax_minor as amount_minor,
        business_date
    from reversals
),

tip_entries as (
    select
        organization_id,
        coalesce(sale_location_id, location_id) as location_id,
        tip_staff_id as staff_id,
        'tips' as ladder_line,
        cast(null as {{ type_text() }}) as line_type,
        currency,
        tip_minor as amount_minor,
        coalesce(sale_business_date, business_date) as business_date
    from {{ ref('int_payments_linked') }}
    union all
    select
        organization_id,
        location_id,
        cast(null as {{ type_text() }}) as staff_id,
        'tips' as ladder_line,
        cast(null as {{ type_text() }}) as line_type,
        currency,
        -tip_minor as amount_minor,
        business_date
    from {{ ref('int_refunds_linked') }}
),

entries as (
    select * from line_entries
    union all
    select * from refund_entries
    union all
    select * from tip_entries
),

-- A ticket paid ahead counts when its day has come; a day holds one currency, its
-- location's.
final as (
    select entries.*
    from entries
    inner join {{ ref('int_location_today') }} as locations
        on
            entries.organization_id = locations.organization_id
            and entries.location_id = locations.location_id
            and entries.currency = locations.currency
    where entries.amount_minor <> 0 and entries.business_date <= locations.today_date
)

select * from final
