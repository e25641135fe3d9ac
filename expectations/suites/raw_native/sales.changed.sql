-- One row per organization: closed tickets that loads have brought and no refresh has taken yet.
with tickets as (
    select
        *,
        coalesce(closed_at, created_at, cast(sale_date as timestamptz)) as sold_at
    from raw_native.sales
    where _load_id = any(%(load_ids)s) and (status is null or status = 'closed')
),

compared as (
    select
        tickets.organization_id,
        sums.line_count = 0 and tickets.total_amount is distinct from 0 as lacks_lines,
        tickets.total_amount is not null and sums.line_count > 0 as has_both_totals,
        -- Half a unit in a thousand is rounding.
        abs(tickets.total_amount - sums.total_amount)
        > greatest(0.02, 0.0005 * abs(tickets.total_amount)) as differs
    from tickets
    cross join lateral (
        select
            count(*) as line_count,
            sum(
                sale_lines.gross_amount - coalesce(sale_lines.discount_amount, 0)
                + coalesce(sale_lines.tax_amount, kinds_of_tax.tax_amount, 0)
            ) as total_amount
        from raw_native.sale_lines
        cross join lateral (
            select sum(taxes.tax_amount) as tax_amount
            from raw_native.sale_line_taxes as taxes
            where
                taxes.organization_id = sale_lines.organization_id
                and taxes.sale_id = sale_lines.sale_id
                and taxes.sale_line_id = sale_lines.sale_line_id
                and not taxes._is_deleted
        ) as kinds_of_tax
        where
            sale_lines.organization_id = tickets.organization_id
            and sale_lines.sale_id = tickets.sale_id
            and not sale_lines._is_deleted
    ) as sums
    where not tickets._is_deleted and tickets.sold_at <= %(as_of)s
),

counted as (
    select
        organization_id,
        count(*) as new_tickets,
        count(*) filter (where lacks_lines) as new_without_lines,
        count(*) filter (where has_both_totals) as new_tickets_with_totals,
        count(*) filter (where has_both_totals and differs) as new_differing_total
    from compared
    group by organization_id
),

landed as (
    select
        organization_id,
        max(_source_system) as source_system,
        count(*) filter (where _is_deleted) as vanished,
        count(*) filter (
            where not _is_deleted
            and (sold_at < '1990-01-01' or sold_at > %(as_of)s + interval '5 years')
        ) as implausible_dates,
        exists (
            select from raw_native.sale_lines
            where sale_lines.organization_id = tickets.organization_id
        ) as sends_lines
    from tickets
    group by organization_id
)

select
    landed.organization_id,
    landed.source_system,
    landed.implausible_dates,
    counted.new_tickets,
    counted.new_tickets_with_totals,
    counted.new_differing_total,
    held.rows_held,
    case when %(compares)s then landed.vanished end as vanished,
    case when landed.sends_lines then counted.new_without_lines end as new_without_lines
from landed
left join counted
    on landed.organization_id = counted.organization_id
cross join lateral (
    -- Counted only as far as it takes to tell: a share below a tenth shows as a tenth.
    select count(*) as rows_held
    from (
        select from raw_native.sales as held
        where
            held.organization_id = landed.organization_id
            and (held.status is null or held.status = 'closed')
        limit greatest(20, 10 * landed.vanished)
    ) as enough
) as held
