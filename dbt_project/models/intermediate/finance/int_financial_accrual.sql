-- One row per location and day of the spine: the accrual ladder, whole, and tickets by
-- their own day.
with filled as (
    select
        spine.organization_id,
        spine.location_id,
        spine.currency,
        spine.today_date,
        spine.business_date,
        ladder.business_date is not null
        or tickets.business_date is not null as has_movement,
        {{ zero_where_known('spine.has_sales', 'tickets.tickets') }} as tickets,
        {{ zero_where_known('spine.has_sales', 'tickets.net_sales_minor') }}
            as avg_ticket_numerator_minor,
        {{ zero_where_known('spine.has_sales', 'ladder.gross_sales_minor') }}
            as gross_sales_minor,
        {{ zero_where_known(
            'spine.has_accrual_discounts', 'ladder.coupon_discounts_minor'
        ) }}
            as coupon_discounts_minor,
        {{ zero_where_known(
            'spine.has_accrual_discounts', 'ladder.membership_discounts_minor'
        ) }}
            as membership_discounts_minor,
        {{ zero_where_known(
            'spine.has_accrual_discounts', 'ladder.loyalty_discounts_minor'
        ) }}
            as loyalty_discounts_minor,
        {{ zero_where_known(
            'spine.has_accrual_discounts', 'ladder.package_discounts_minor'
        ) }}
            as package_discounts_minor,
        {{ zero_where_known(
            'spine.has_accrual_discounts', 'ladder.manual_discounts_minor'
        ) }}
            as manual_discounts_minor,
        {{ zero_where_known('spine.has_sales', 'ladder.returns_minor') }}
            as returns_minor,
        {{ zero_where_known('spine.has_sales', 'ladder.tax_minor') }}
            as tax_minor,
        {{ zero_where_known('spine.has_payments', 'ladder.tips_minor') }}
            as tips_minor,
        {{ zero_where_known('spine.has_sales', 'ladder.service_charges_minor') }}
            as service_charges_minor,
        {{ zero_where_known('spine.has_sales', 'ladder.fees_minor') }}
            as fees_minor,
        {{ zero_where_known('spine.has_sales', 'ladder.gift_card_sales_minor') }}
            as gift_card_sales_minor,
        {{ zero_where_known('spine.has_sales', 'ladder.package_sales_minor') }}
            as package_sales_minor,
        {{ zero_where_known('spine.has_sales', 'ladder.membership_sales_minor') }}
            as membership_sales_minor
    from {{ ref('int_financial_spine') }} as spine
    left join {{ ref('int_ladder_accrual') }} as ladder
        on
            spine.organization_id = ladder.organization_id
            and spine.location_id = ladder.location_id
            and spine.business_date = ladder.business_date
    left join {{ ref('int_daily_tickets') }} as tickets
        on
            spine.organization_id = tickets.organization_id
            and spine.location_id = tickets.location_id
            and spine.business_date = tickets.business_date
),

discounted as (
    select
        *,
        coupon_discounts_minor
        + membership_discounts_minor
        + loyalty_discounts_minor
        + package_discounts_minor
        + manual_discounts_minor as discounts_minor
    from filled
),

netted as (
    select
        *,
        gross_sales_minor
        - coalesce(discounts_minor, 0)
        - returns_minor as net_sales_minor
    from discounted
),

final as (
    select
        *,
        net_sales_minor
        + tax_minor
        + coalesce(tips_minor, 0)
        + service_charges_minor
        + fees_minor
        + gift_card_sales_minor
        + package_sales_minor
        + membership_sales_minor as total_billed_minor
    from netted
)

select * from final
