-- One row per client of an organization with a loyalty programme: points over all their
-- accounts.
{%- set event = [
    'organization_id', 'customer_id', 'effect', 'points', 'points_earned', 'points_redeemed',
    'points_expired', 'points_adjusted', 'expires_at'
] %}

with customers as (
    {{ customers_covered_by('coverage.has_loyalty') }}
),

accounts as (
    select
        loyalty_accounts.*,
        coalesce(closed_at > {{ as_of() }}, true) as is_open,
        row_number() over (
            partition by organization_id, customer_id
            order by
                coalesce(closed_at > {{ as_of() }}, true) desc,
                enrolled_at desc nulls last,
                loyalty_account_id desc
        ) as account_rank
    from {{ ref('input__loyalty_accounts') }} as loyalty_accounts
    where customer_id is not null
),

memberships as (
    select
        organization_id,
        customer_id,
        bool_or(is_open) as is_loyalty_member,
        sum(balance) as stated_balance,
        max(case when is_open and account_rank = 1 then tier end) as loyalty_tier
    from accounts
    group by organization_id, customer_id
),

events as (
    select history.*
    from
        {{ client_history(
            ref('int_loyalty_events_classified'), 'loyalty_ledger', event
        ) }} as history
),

-- Points used or lost come off the lots that lapse first; points given back do not.
points as (
    select
        organization_id,
        customer_id,
        sum(points) as balance,
        sum(points_earned) as earned,
        sum(points_redeemed) as redeemed,
        sum(points_expired) as expired,
        sum(points_adjusted) as adjusted,
        sum(points) filter (
            where effect = 'earned'
            and points > 0
            and expires_at <= {{ add_minutes(as_of(), 30 * 24 * 60) }}
        ) as lapsing_lots,
        -sum(points) filter (where effect <> 'earned' or points < 0) as used
    from events
    where customer_id is not null
    group by organization_id, customer_id
),

-- Where a source sends accounts but no events, the balance it states is all that is
-- known.
known as (
    select
        customers.organization_id,
        customers.customer_id,
        coalesce(memberships.is_loyalty_member, false) as is_loyalty_member,
        memberships.loyalty_tier,
        case
            when not coverage.has_loyalty_events then memberships.stated_balance
            else coalesce(points.balance, 0)
        end as balance,
        case when coverage.has_loyalty_events then 1 end as is_told,
        coalesce(points.earned, 0) as earned,
        coalesce(points.redeemed, 0) as redeemed,
        coalesce(points.expired, 0) as expired,
        coalesce(points.adjusted, 0) as adjusted,
        coalesce(points.lapsing_lots, 0) - coalesce(points.used, 0) as lapsing
    from customers
    {{ join_customer_facts('memberships') }}
    {{ join_customer_facts('points') }}
    inner join {{ ref('int_organization_coverage') }} as coverage
        on customers.organization_id = coverage.organization_id
),

final as (
    select
        organization_id,
        customer_id,
        is_loyalty_member,
        loyalty_tier,
        cast(balance as bigint) as loyalty_points_balance,
        cast(is_told * earned as bigint) as loyalty_points_earned,
        cast(is_told * redeemed as bigint) as loyalty_points_redeemed,
        cast(is_told * expired as bigint) as loyalty_points_expired,
        cast(is_told * adjusted as bigint) as loyalty_points_adjusted,
        cast(is_told * greatest(least(lapsing, balance), 0) as bigint)
            as loyalty_points_expiring_30d
    from known
)

select * from final
