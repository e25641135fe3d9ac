with member_days as (
    select
        organization_id,
        location_id,
        business_date,
        staff_id
    from {{ ref('int_daily_sales_money') }}
    union
    select
        organization_id,
        location_id,
        business_date,
        staff_id
    from {{ ref('int_daily_sales_lines') }}
    union
    select
        organization_id,
        location_id,
        business_date,
        staff_id
    from {{ ref('int_daily_services') }}
),

known as (
    select
        member_days.*,
        locations.currency,
        coverage.has_sales,
        coverage.has_payments,
        coverage.has_packages,
        coverage.has_appointments,
        coverage.has_sales and coverage.has_discounts as has_discounts
    from member_days
    inner join {{ ref('int_location_today') }} as locations
        on
            member_days.organization_id = locations.organization_id
            and member_days.location_id = locations.location_id
    inner join {{ ref('int_organization_coverage') }} as coverage
        on member_days.organization_id = coverage.organization_id
    where
        {{ is_in_scope('member_days', 'days', ['location_id', 'business_date']) }}
),

final as (
    select
        known.organization_id,
        known.business_date,
        known.location_id,
        known.staff_id,
        known.currency,
        {{ zero_where_known('known.has_sales', 'takings.gross_minor') }} as gross_minor,
        {{ zero_where_known('known.has_discounts', 'takings.discount_minor') }}
            as discount_minor,
        {{ zero_where_known('known.has_sales', 'takings.returns_minor') }}
            as returns_minor,
        {{ zero_where_known('known.has_sales', 'takings.net_service_minor') }}
            as net_service_minor,
        {{ zero_where_known('known.has_sales', 'takings.net_product_minor') }}
            as net_product_minor,
        {{ zero_where_known(
            'known.has_sales',
            'takings.net_service_minor + takings.net_product_minor - takings.returns_minor'
        ) }} as net_sales_minor,
        {{ zero_where_known('known.has_sales', 'takings.tax_minor') }} as tax_minor,
        {{ zero_where_known('known.has_payments', 'takings.tips_minor') }}
            as tips_minor,
        {{ zero_where_known('known.has_sales', 'sale_lines.service_lines') }}
            as service_lines,
        {{ zero_where_known('known.has_sales', 'sale_lines.product_lines') }}
            as product_lines,
        cast(
            {{ zero_where_known('known.has_sales', 'sale_lines.services_quantity') }}
            as numeric(12, 3)
        ) as services_quantity,
        cast(
            {{ zero_where_known('known.has_sales', 'sale_lines.products_quantity') }}
            as numeric(12, 3)
        ) as products_quantity,
        {{ zero_where_known(
            'known.has_packages', 'sale_lines.package_recognised_minor'
        ) }} as package_recognised_minor,
        {{ zero_where_known('known.has_appointments', 'services.attended_services') }}
            as attended_services,
        case
            when not known.has_appointments then null
            when services.staff_id is null then 0
            else services.service_minutes
        end as service_minutes,
        {{ zero_where_known('known.has_appointments', 'services.no_show_services') }}
            as no_show_services,
        {{ zero_where_known(
            'known.has_appointments', 'services.cancelled_services'
        ) }} as cancelled_services,
        {{ refreshed_at() }} as updated_at
    from known
    left join {{ ref('int_daily_sales_money') }} as takings
        on {{ same_member_day('known', 'takings') }}
    left join {{ ref('int_daily_sales_lines') }} as sale_lines
        on {{ same_member_day('known', 'sale_lines') }}
    left join {{ ref('int_daily_services') }} as services
        on {{ same_member_day('known', 'services') }}
)

select * from final
