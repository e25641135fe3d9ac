-- One row per client: which of the ten segments' rules hold. What is not known passes
-- no rule.
with facts as (
    select
        facts.*,
        facts.lifecycle_status = 'active' as is_active,
        facts.lifecycle_status = 'dormant' as is_dormant
    from {{ ref('int_customer_segment_facts') }} as facts
),

flagged as (
    select
        facts.*,
        facts.is_active
        and facts.is_in_vip_tier
        and (
            facts.baseline_lifetime_value_minor >= thresholds.vip_min_baseline_value
            or facts.is_top_expected_value
        ) as is_vip,
        facts.days_since_last_visit
        >= thresholds.win_back_min_days_since_last_visit
        and facts.days_since_last_visit
        <= thresholds.win_back_max_days_since_last_visit
        and facts.net_lifetime_minor >= thresholds.win_back_min_net_spend
        and facts.visits >= thresholds.win_back_min_visits as is_win_back,
        facts.is_active
        and facts.loyalty_points_balance
        >= thresholds.loyalty_champions_min_points_balance
        and facts.visits >= thresholds.loyalty_champions_min_visits
            as is_loyalty_champions,
        facts.months_to_birthday <= thresholds.birthday_months_ahead as is_birthday,
        facts.discounted_tickets
        >= thresholds.discount_lovers_min_discounted_tickets
        and facts.price_sensitivity_score
        > thresholds.discount_lovers_above_price_sensitivity
            as is_discount_lovers,
        facts.tenure_days <= thresholds.new_customers_max_days_since_first_visit
            as is_new_customers,
        facts.is_active
        and facts.median_days_between_visits
        <= thresholds.frequent_max_median_days_between_visits
        and facts.visits >= thresholds.frequent_min_visits as is_frequent,
        facts.is_dormant
        and facts.is_top_spend as is_dormant_high_spender,
        facts.visits >= thresholds.seasonal_min_visits
        and facts.seasons >= thresholds.seasonal_min_seasons
        and facts.season_visits
        >= facts.visits * thresholds.seasonal_min_share_of_visits
            as is_seasonal,
        facts.is_active
        and facts.visits >= thresholds.referral_candidates_min_visits
        and facts.no_show_bookings is not null
        and coalesce(
            facts.days_since_last_no_show
            >= thresholds.referral_candidates_no_show_free_days,
            true
        )
        and not facts.is_referrer as is_referral_candidates
    from facts
    inner join {{ ref('int_segment_thresholds') }} as thresholds
        on facts.currency = thresholds.currency
),

final as (
    select
        organization_id,
        customer_id,
        coalesce(is_vip, false) as is_vip,
        coalesce(is_win_back, false) as is_win_back,
        coalesce(is_loyalty_champions, false) as is_loyalty_champions,
        coalesce(is_birthday, false) as is_birthday,
        coalesce(is_discount_lovers, false) as is_discount_lovers,
        coalesce(is_new_customers, false) as is_new_customers,
        coalesce(is_frequent, false) as is_frequent,
        -- Who is to be won back is not also told of as dormant.
        coalesce(is_dormant_high_spender, false) and not coalesce(is_win_back, false)
            as is_dormant_high_value,
        coalesce(is_seasonal, false) as is_seasonal,
        coalesce(is_referral_candidates, false) as is_referral_candidates
    from flagged
)

select * from final
