with final as (
    select
        organization_id,
        sale_id,
        sale_line_id,
        location_id,
        customer_id,
        staff_id,
        appointment_id,
        appointment_service_id,
        package_redemption_id,
        line_type,
        item_id,
        item_name,
        item_category,
        description,
        discount_type,
        discount_code,
        currency,
        source_system,
        cast(quantity as numeric(12, 3)) as quantity,
        gross_minor,
        discount_minor,
        net_minor,
        tax_minor,
        total_minor,
        package_recognised_minor,
        is_return,
        is_walk_in,
        business_date,
        service_date,
        sold_at,
        {{ refreshed_at() }} as updated_at
    from {{ ref('int_sale_lines_rounded') }}
)

select * from final
