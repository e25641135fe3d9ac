-- One row per location and day on which the accrual ledger moved: the ladder line by
-- line.
with final as (
    select
        organization_id,
        location_id,
        business_date,
        {{ ladder_sum('gross_sales') }} as gross_sales_minor,
        {{ ladder_sum('coupon_discounts', '-') }} as coupon_discounts_minor,
        {{ ladder_sum('membership_discounts', '-') }} as membership_discounts_minor,
        {{ ladder_sum('loyalty_discounts', '-') }} as loyalty_discounts_minor,
        {{ ladder_sum('package_discounts', '-') }} as package_discounts_minor,
        {{ ladder_sum('manual_discounts', '-') }} as manual_discounts_minor,
        {{ ladder_sum('returns', '-') }} as returns_minor,
        {{ ladder_sum('tax') }} as tax_minor,
        {{ ladder_sum('tips') }} as tips_minor,
        {{ ladder_sum('service_charges') }} as service_charges_minor,
        {{ ladder_sum('fees') }} as fees_minor,
        {{ ladder_sum('gift_card_sales') }} as gift_card_sales_minor,
        {{ ladder_sum('package_sales') }} as package_sales_minor,
        {{ ladder_sum('membership_sales') }} as membership_sales_minor
    from {{ ref('int_accrual_entries') }}
    group by organization_id, location_id, business_date
)

select * from final
