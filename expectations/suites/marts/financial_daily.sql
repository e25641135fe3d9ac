-- One row per location: how long it has been quiet, and whether its two ledgers tell of one business.
with days as (
    select
        *,
        accrual_total_billed_minor <> 0 or coalesce(cash_total_collected_minor, 0) <> 0
            as has_money
    from {published}
),

latest as (
    select
        organization_id,
        location_id,
        max(business_date) filter (where has_money) as last_date
    from days
    group by organization_id, location_id
),

gaps as (
    select
        days.organization_id,
        days.location_id,
        days.business_date - lag(days.business_date) over (
            partition by days.organization_id, days.location_id order by days.business_date
        ) as gap
    from days
    inner join latest
        on
            days.organization_id = latest.organization_id
            and days.location_id = latest.location_id
            and days.business_date > latest.last_date - 180
    where days.has_money
),

usual as (
    select
        organization_id,
        location_id,
        percentile_cont(0.95) within group (order by gap) as usual_gap
    from gaps
    group by organization_id, location_id
    having count(gap) >= 8
),

-- What one load brought long ago is an archive, not a feed that could fall silent.
feeds as (
    select distinct sales.organization_id
    from {published_schema}.sales as sales
    inner join (
        select loads.source_system
        from ops.loads as loads
        inner join ops.load_files as files
            on loads.load_id = files.load_id
        where loads.status = 'succeeded' and files.entity = 'sales' and files.rows_inserted > 0
        group by loads.source_system
        having count(distinct loads.load_id) >= 8
    ) as regular
        on sales.source_system = regular.source_system
),

ledgers as (
    select
        days.organization_id,
        days.location_id,
        sum(days.cash_total_collected_minor + days.cash_liability_redemptions_minor) as collected,
        sum(days.accrual_total_billed_minor) as billed
    from days
    inner join latest
        on
            days.organization_id = latest.organization_id
            and days.location_id = latest.location_id
            and days.business_date > latest.last_date - 365
    group by days.organization_id, days.location_id
    having count(*) filter (where days.has_money) >= 60
)

select
    latest.organization_id,
    latest.location_id,
    case
        when
            feeds.organization_id is not null
            and cast(%(as_of)s as date) - latest.last_date <= 60
            then (cast(%(as_of)s as date) - latest.last_date) / greatest(usual.usual_gap, 2)
    end as quiet_for,
    1.0 * ledgers.collected / nullif(ledgers.billed, 0) as collected_of_billed
from latest
left join usual
    on latest.organization_id = usual.organization_id and latest.location_id = usual.location_id
left join ledgers
    on
        latest.organization_id = ledgers.organization_id
        and latest.location_id = ledgers.location_id
left join feeds
    on latest.organization_id = feeds.organization_id
