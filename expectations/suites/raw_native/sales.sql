-- One row per organization: its closed tickets, in detail those of its last 90 days.
with tickets as (
    select
        *,
        coalesce(closed_at, created_at, cast(sale_date as timestamptz)) as sold_at
    from raw_native.sales
    where status is null or status = 'closed'
),

latest as (
    select organization_id, max(sold_at) as latest_at
    from tickets
    where not _is_deleted and sold_at <= %(as_of)s
    group by organization_id
),

judged as (
    select tickets.*
    from tickets
    inner join latest
        on tickets.organization_id = latest.organization_id
    where
        not tickets._is_deleted
        and tickets.sold_at <= latest.latest_at
        and tickets.sold_at > latest.latest_at - interval '90 days'
),

kinds_of_tax as (
    select
        taxes.organization_id,
        taxes.sale_id,
        taxes.sale_line_id,
        sum(taxes.tax_amount) as tax_amount
    from judged
    inner join raw_native.sale_line_taxes as taxes
        on judged.organization_id = taxes.organization_id and judged.sale_id = taxes.sale_id
    where not taxes._is_deleted
    group by taxes.organization_id, taxes.sale_id, taxes.sale_line_id
),

sums as (
    select
        sale_lines.organization_id,
        sale_lines.sale_id,
        sum(
            sale_lines.gross_amount - coalesce(sale_lines.discount_amount, 0)
            + coalesce(sale_lines.tax_amount, kinds_of_tax.tax_amount, 0)
        ) as total_amount
    from judged
    inner join raw_native.sale_lines
        on
            judged.organization_id = sale_lines.organization_id
            and judged.sale_id = sale_lines.sale_id
    left join kinds_of_tax
        on
            sale_lines.organization_id = kinds_of_tax.organization_id
            and sale_lines.sale_id = kinds_of_tax.sale_id
            and sale_lines.sale_line_id = kinds_of_tax.sale_line_id
    where not sale_lines._is_deleted
    group by sale_lines.organization_id, sale_lines.sale_id
),

-- A ticket that came to nothing needs no lines, and half a unit in a thousand is rounding.
compared as (
    select
        judged.*,
        sums.sale_id is null and judged.total_amount is distinct from 0 as lacks_lines,
        judged.total_amount is not null and sums.sale_id is not null as has_both_totals,
        abs(judged.total_amount - sums.total_amount)
        > greatest(0.02, 0.0005 * abs(judged.total_amount)) as differs
    from judged
    left join sums
        on judged.organization_id = sums.organization_id and judged.sale_id = sums.sale_id
),

counted as (
    select
        organization_id,
        count(*) as tickets,
        count(*) filter (where customer_id is null) as without_client,
        count(*) filter (where lacks_lines) as without_lines,
        count(*) filter (where has_both_totals) as tickets_with_totals,
        count(*) filter (where has_both_totals and differs) as differing_total
    from compared
    group by organization_id
),

ever as (
    select
        organization_id,
        max(_source_system) as source_system,
        count(*) filter (
            where not _is_deleted
            and (sold_at < '1990-01-01' or sold_at > %(as_of)s + interval '5 years')
        ) as implausible_dates,
        exists (
            select 1 from raw_native.sale_lines
            where sale_lines.organization_id = tickets.organization_id
        ) as sends_lines
    from tickets
    group by organization_id
)

select
    ever.organization_id,
    ever.source_system,
    ever.implausible_dates,
    counted.tickets,
    counted.without_client,
    counted.tickets_with_totals,
    counted.differing_total,
    case when ever.sends_lines then counted.without_lines end as without_lines
from ever
left join counted
    on ever.organization_id = counted.organization_id
