{#-
    The ten segments: which thresholds of segment_thresholds.csv each rule has, and which facts of
    int_customer_segment_facts qualify a member. The rules themselves are in
    int_customer_segment_flags.
-#}
{% macro segment_rules() -%}
    {{ return({
        'vip': {
            'thresholds': ['min_baseline_value', 'min_value_percentile'],
            'facts': [
                'baseline_lifetime_value_minor', 'is_top_expected_value', 'loyalty_tier',
                'value_tier', 'lifecycle_status'
            ],
        },
        'win_back': {
            'thresholds': [
                'min_days_since_last_visit', 'max_days_since_last_visit', 'min_net_spend',
                'min_visits'
            ],
            'facts': ['days_since_last_visit', 'net_lifetime_minor', 'visits'],
        },
        'loyalty_champions': {
            'thresholds': ['min_points_balance', 'min_visits'],
            'facts': ['loyalty_points_balance', 'visits', 'lifecycle_status'],
        },
        'birthday': {
            'thresholds': ['months_ahead'],
            'facts': ['birth_month', 'birth_day', 'months_to_birthday'],
        },
        'discount_lovers': {
            'thresholds': ['min_discounted_tickets', 'above_price_sensitivity'],
            'facts': ['discounted_tickets', 'price_sensitivity_score'],
        },
        'new_customers': {
            'thresholds': ['max_days_since_first_visit'],
            'facts': ['tenure_days'],
        },
        'frequent': {
            'thresholds': ['max_median_days_between_visits', 'min_visits'],
            'facts': ['median_days_between_visits', 'visits', 'lifecycle_status'],
        },
        'dormant_high_value': {
            'thresholds': ['min_spend_percentile'],
            'facts': ['net_lifetime_minor', 'is_top_spend', 'lifecycle_status'],
        },
        'seasonal': {
            'thresholds': ['min_visits', 'min_seasons', 'max_season_months', 'min_share_of_visits'],
            'facts': ['season_first_month', 'season_visits', 'seasons', 'visits'],
        },
        'referral_candidates': {
            'thresholds': ['min_visits', 'no_show_free_days'],
            'facts': ['visits', 'days_since_last_no_show', 'is_referrer', 'lifecycle_status'],
        },
    }) }}
{%- endmacro %}
