-- One row per service or product with a price history that holds everywhere: its price
-- at the refresh's clock and the range it has moved in. Prices of single locations are
-- not list prices.
with prices as (
    select
        organization_id,
        item_type,
        item_id,
        price,
        cost,
        valid_from_at,
        row_number() over (
            partition by organization_id, item_type, item_id
            order by valid_from_at desc
        ) as recency,
        lag(price) over (
            partition by organization_id, item_type, item_id
            order by valid_from_at
        ) as previous_price
    from {{ ref('input__catalog_prices') }}
    where location_id is null and valid_from_at <= {{ as_of() }}
),

final as (
    select
        organization_id,
        item_type,
        item_id,
        max(case when recency = 1 then price end) as price,
        max(case when recency = 1 then cost end) as unit_cost,
        min(price) as lowest_price,
        max(price) as highest_price,
        sum(case when price <> previous_price then 1 else 0 end) as price_changes,
        max(
            case
                when previous_price is null or price <> previous_price
                    then valid_from_at
            end
        ) as price_since_at
    from prices
    group by organization_id, item_type, item_id
)

select * from final
