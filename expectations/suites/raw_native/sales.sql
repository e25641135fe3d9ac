-- One row per organization: its closed tickets, in detail those of its last 90 days and those that
-- have arrived since the last publication.
with tickets as (
    select
        *,
        coalesce(closed_at, created_at, cast(sale_date as timestamptz)) as sold_at,
        _load_id > coalesce(%(published_load_id)s, 0) as is_new
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
    select
        tickets.*,
        tickets.sold_at > latest.latest_at - interval '90 days' as is_recent
    from tickets
    inner join latest
        on tickets.organization_id = latest.organization_id
    where
        not tickets._is_deleted
        and tickets.sold_at <= latest.latest_at
        and (tickets.is_new or tickets.sold_at > latest.latest_at - interval '90 days')
),

kinds_of_tax as (
    select organization_id, sale_id, sale_line_id, sum(tax_amount) as tax_amount
    from raw_native.sale_line_taxes
    where not _is_deleted
    group by organization_id, sale_id, sale_line_id
),

sums as (
    select
        sale_lines.organization_id,
        sale_lines.sale_id,
        sum(
            sale_lines.gross_amount - coalesce(sale_lines.discount_amount, 0)
            + coalesce(sale_lines.tax_amount, kinds_of_tax.tax_amount, 0)
        ) as total_amount
    from raw_native.sale_lines
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
        count(*) filter (where is_recent) as tickets,
        count(*) filter (where is_new) as new_tickets,
        count(*) filter (where is_recent and customer_id is null) as without_client,
        count(*) filter (where is_recent and lacks_lines) as without_lines,
        count(*) filter (where is_new and lacks_lines) as new_without_lines,
        count(*) filter (where is_recent and has_both_totals) as tickets_with_totals,
        count(*) filter (where is_recent and has_both_totals and differs) as differing_total,
        count(*) filter (where is_new and has_both_totals) as new_tickets_with_totals,
        count(*) filter (where is_new and has_both_totals and differs) as new_differing_total
    from compared
    group by organization_id
),

ever as (
    select
        organization_id,
        max(_source_system) as source_system,
        count(*) as rows_held,
        count(*) filter (
            where not _is_deleted
            and (sold_at < '1990-01-01' or sold_at > %(as_of)s + interval '5 years')
        ) as implausible_dates,
        count(*) filter (where _is_deleted and _load_id > %(published_load_id)s) as vanished,
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
    ever.rows_held,
    ever.implausible_dates,
    counted.tickets,
    counted.new_tickets,
    counted.without_client,
    counted.tickets_with_totals,
    counted.differing_total,
    counted.new_tickets_with_totals,
    counted.new_differing_total,
    case when %(compares)s then ever.vanished end as vanished,
    case when ever.sends_lines then counted.without_lines end as without_lines,
    case when ever.sends_lines then counted.new_without_lines end as new_without_lines
from ever
left join counted
    on ever.organization_id = counted.organization_id
