-- One row per organization: the lines of its tickets.
with lines as (
    select
        sale_lines.*,
        sales.sale_id is null as is_orphan,
        sale_lines.line_type in ('service', 'product') as is_earned
    from raw_native.sale_lines
    left join raw_native.sales
        on
            sale_lines.organization_id = sales.organization_id
            and sale_lines.sale_id = sales.sale_id
    where not sale_lines._is_deleted
)

select
    organization_id,
    max(_source_system) as source_system,
    count(*) as lines,
    count(*) filter (where is_orphan) as of_unknown_ticket,
    count(*) filter (where coalesce(discount_amount, 0) <> 0) as discounted_lines,
    count(*) filter (
        where abs(discount_amount) > abs(gross_amount) or discount_amount < 0
    ) as implausible_discount,
    count(*) filter (where gross_amount <> 0 and tax_amount <> 0) as taxed_lines,
    count(*) filter (
        where abs(tax_amount) > 0.5 * abs(gross_amount) and gross_amount <> 0
    ) as implausible_tax,
    count(*) filter (where is_earned) as earned_lines,
    count(*) filter (where is_earned and gross_amount = 0) as priced_at_nothing,
    case
        when count(staff_id) > 0 then count(*) filter (where is_earned and staff_id is null)
    end as without_staff,
    case
        when count(item_id) > 0 then count(*) filter (where is_earned and item_id is null)
    end as without_item
from lines
group by organization_id
