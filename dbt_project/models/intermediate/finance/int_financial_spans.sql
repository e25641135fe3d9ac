-- One row per location: the first and the last day on which either of its ledgers moved
-- or a ticket was closed that moves one on another day.
with days as (
    select
        organization_id,
        location_id,
        business_date
    from {{ ref('int_ladder_accrual') }}
    union all
    select
        organization_id,
        location_id,
        business_date
    from {{ ref('int_ladder_tenders') }}
    union all
    select
        organization_id,
        location_id,
        business_date
    from {{ ref('int_daily_tickets') }}
    {%- if is_published('financial_daily') %}
        union all
        {{ edges_of_published_days() }}
    {%- endif %}
),

final as (
    select
        organization_id,
        location_id,
        min(business_date) as first_date,
        max(business_date) as last_date
    from days
    group by organization_id, location_id
)

select * from final
