-- One row per client: everything known of them, each fact counted on its own before it
-- is joined.
{{ config(
    indexes=[{'columns': [customer_search_document()], 'type': 'gin'}],
) }}

with built as (
    select
        {%- for column in [
            'organization_id', 'customer_id', 'source_customer_ids', 'name', 'email', 'phone',
            'creation_source', 'profile_created_at', 'email_consent', 'sms_consent',
            'consent_updated_at', 'is_suppressed', 'birth_month', 'birth_day', 'birth_year',
            'age', 'age_group', 'months_to_birthday'
        ] %}
            persons.{{ column }},
        {%- endfor %}
        {%- for column in [
            'first_visit_at', 'second_visit_at', 'last_visit_at', 'days_since_last_visit',
            'tenure_days', 'unbooked_visits', 'visits_12m', 'locations_visited', 'visits',
            'median_days_between_visits', 'visits_per_year'
        ] %}
            visits.{{ column }},
        {%- endfor %}
        {%- for column in [
            'first_booking_created_at', 'first_booking_at', 'next_booking_at',
            'last_cancelled_at', 'accepted_bookings', 'attended_bookings',
            'upcoming_bookings', 'cancelled_bookings', 'cancelled_by_customer_bookings',
            'cancelled_by_business_bookings', 'late_cancelled_bookings',
            'declined_bookings', 'no_show_bookings', 'days_since_last_no_show'
        ] %}
            bookings.{{ column }},
        {%- endfor %}
        cadence.service_category as cadence_service_category,
        cadence.typical_gap_days as cadence_gap_days,
        cadence.last_visit_date as cadence_last_visit_date,
        lifecycle.overdue_ratio,
        lifecycle.cadence_state,
        currencies.currency,
        others.other_currencies,
        {%- for column in [
            'gross_minor', 'discount_minor', 'net_service_minor', 'net_retail_minor',
            'tax_minor', 'gift_cards_bought_minor', 'packages_bought_minor',
            'net_lifetime_minor', 'net_12m_minor', 'avg_ticket_minor', 'tickets',
            'discounted_tickets', 'coupon_uses', 'retail_only_tickets',
            'effective_discount_rate', 'price_sensitivity_score'
        ] %}
            money.{{ column }},
        {%- endfor %}
        payments.tips_minor,
        refunds.refunds_minor,
        payments.gift_cards_redeemed_minor,
        payments.payments,
        payments.last_payment_at,
        loyalty.is_loyalty_member,
        {%- for column in [
            'balance', 'earned', 'redeemed', 'expired', 'adjusted', 'expiring_30d'
        ] %}
            loyalty.loyalty_points_{{ column }},
        {%- endfor %}
        loyalty.loyalty_tier,
        coalesce(persons.preferred_staff_id, preferences.usual_staff_id)
            as preferred_staff_id,
        {%- for column in [
            'service_id', 'service_category', 'location_id', 'day_of_week', 'daypart'
        ] %}
            preferences.preferred_{{ column }},
        {%- endfor %}
        seasons.season_first_month,
        seasons.season_visits,
        seasons.seasons,
        persons.acquisition_source,
        persons.referred_by_customer_id,
        referrals.is_referrer,
        referrals.referred_customers,
        referrals.referred_customers_visited,
        baseline.baseline_lifetime_value_minor,
        lifecycle.lifecycle_status,
        lifecycle.lifecycle_stage,
        value_ranks.value_tier,
        coalesce(value_ranks.is_top_expected_value, false) as is_top_expected_value,
        coalesce(value_ranks.is_top_spend, false) as is_top_spend,
        segments.segment as primary_segment,
        persons.source_system,
        '{{ definition_version() }}' as definition_version,
        persons.customer_type,
        {{ refreshed_at() }} as updated_at
    from
        {{ ref('int_customer_persons') }} as persons
    {%- for relation, alias in [
        (ref('int_customer_bookings'), 'bookings'),
        (ref('int_customer_visits'), 'visits'),
        (ref('int_customer_cadence'), 'cadence'),
        (ref('int_customer_lifecycle'), 'lifecycle'),
        (ref('int_customer_currency'), 'currencies'),
        (ref('int_customer_other_currencies'), 'others'),
        (ref('int_customer_money'), 'money'),
        (ref('int_customer_refunds'), 'refunds'),
        (ref('int_customer_payments'), 'payments'),
        (ref('int_customer_loyalty'), 'loyalty'),
        (ref('int_customer_preferences'), 'preferences'),
        (ref('int_customer_seasons'), 'seasons'),
        (ref('int_customer_referrals'), 'referrals'),
        (ref('int_customer_baseline'), 'baseline'),
        (ref('int_customer_value'), 'value_ranks')
    ] %}
        {{ join_customer_facts(relation, 'persons', alias) }}
        {%- endfor %}
    {{ join_customer_facts(
        ref('int_customer_segment_members'), 'persons', 'segments'
    ) }}
    and segments.is_primary
    where
        {{ is_in_scope('persons', 'customers', ['customer_id'], 'keys.is_published') }}
),

final as (
    select
        {{ model.columns | join(',\n        ') }}
    from built
    {{ union_moved_clients() }}
)

select * from final
