-- One row per closed ticket: the whole minor units that its lines must add up to.
with line_sums as (
    select
        organization_id,
        sale_id,
        sum(gross_exact) as gross_exact,
        sum(discount_exact) as discount_exact,
        max(
            case
                when
                    gross_exact = floor(gross_exact)
                    and discount_exact = floor(discount_exact)
                    then 0
                else 1
            end
        ) = 1 as has_fractions
    from {{ ref('int_sale_lines_closed') }}
    group by organization_id, sale_id
),

tax_sums as (
    select
        organization_id,
        sale_id,
        sum(tax_exact) as tax_exact
    from {{ ref('int_sale_line_taxes_exact') }}
    group by organization_id, sale_id
),

exact as (
    select
        line_sums.organization_id,
        line_sums.sale_id,
        line_sums.gross_exact,
        line_sums.discount_exact,
        line_sums.has_fractions,
        coalesce(tax_sums.tax_exact, 0) as tax_exact
    from line_sums
    left join tax_sums
        on
            line_sums.organization_id = tax_sums.organization_id
            and line_sums.sale_id = tax_sums.sale_id
),

-- The total is rounded once, halves away from zero; its parts give way, not the total.
rounded as (
    select
        *,
        round(gross_exact - discount_exact + tax_exact) as total,
        round(gross_exact) as nearest_gross,
        round(discount_exact) as nearest_discount
    from exact
),

-- Tax takes up the difference, but never more than its own fraction: no tax is made up.
with_tax as (
    select
        *,
        least(
            greatest(total - nearest_gross + nearest_discount, floor(tax_exact)),
            ceil(tax_exact)
        ) as tax_total
    from rounded
),

with_discount as (
    select
        *,
        least(
            greatest(nearest_gross + tax_total - total, floor(discount_exact)),
            ceil(discount_exact)
        ) as discount_total
    from with_tax
),

final as (
    select
        organization_id,
        sale_id,
        cast(total + discount_total - tax_total as bigint) as gross_minor,
        cast(discount_total as bigint) as discount_minor,
        cast(tax_total as bigint) as tax_minor,
        cast(total as bigint) as total_minor,
        has_fractions
    from with_discount
)

select * from final
