-- One row per location, day and member of staff: the accrual ledger's money.
with entries as (
    select
        *,
        coalesce(staff_id, '__unassigned__') as member_id,
        ladder_line = 'gross_sales' or ladder_line like '%discounts' as is_net
    from {{ ref('int_accrual_entries') }}
    where
        ladder_line in ('gross_sales', 'returns', 'tax', 'tips')
        or ladder_line like '%discounts'
),

final as (
    select
        organization_id,
        location_id,
        business_date,
        member_id as staff_id,
        {{ ladder_sum('gross_sales') }} as gross_minor,
        cast(
            -sum(case when ladder_line like '%discounts' then amount_minor else 0 end)
            as bigint
        ) as discount_minor,
        {{ ladder_sum('returns', '-') }} as returns_minor,
        cast(
            sum(case when is_net and line_type = 'service' then amount_minor else 0 end)
            as bigint
        ) as net_service_minor,
        cast(
            sum(case when is_net and line_type = 'product' then amount_minor else 0 end)
            as bigint
        ) as net_product_minor,
        {{ ladder_sum('tax') }} as tax_minor,
        {{ ladder_sum('tips') }} as tips_minor
    from entries
    group by organization_id, location_id, business_date, member_id
)

select * from final
