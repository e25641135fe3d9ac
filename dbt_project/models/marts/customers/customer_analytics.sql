-- One row per client: everything known of them, each fact counted on its own before it
-- is joined.
{{ config(
    indexes=[
        {'columns': [customer_search_document()], 'type': 'gin'},
        {'columns': ['organization_id', 'lifecycle_stage']},
        {'columns': ['organization_id', 'lower(email)']},
        {'columns': ['organization_id', 'phone']},
        {'columns': ['last_visit_at']},
        {'columns': ['organization_id', 'referred_by_customer_id']},
        {'columns': ['source_customer_ids'], 'type': 'gin'},
    ],
) }}
{%- set moving = ['value_tier', 'is_top_expected_value', 'is_top_spend'] %}

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
        visits.first_visit_at,
        visits.second_visit_at,
        visits.last_visit_at,
        payments.last_payment_at,
        visits.days_since_last_visit,
        visits.tenure_days,
        {%- for column in [
            'first_booking_created_at', 'first_booking_at', 'next_booking_at',
            'last_cancelled_at', 'accepted_bookings', 'attended_bookings',
            'upcoming_bookings', 'cancelled_bookings', 'cancelled_by_customer_bookings',
            'cancelled_by_business_bookings', 'late_cancelled_bookings',
            'declined_bookings', 'no_show_bookings'
        ] %}
            bookings.{{ column }},
        {%- endfor %}
        bookings.days_since_last_no_show,
        money.retail_only_tickets,
        visits.unbooked_visits,
        visits.visits_12m,
        visits.locations_visited,
        visits.visits,
        visits.median_days_between_visits,
        visits.visits_per_year,
        lifecycle.overdue_ratio,
        lifecycle.cadence_state,
        currencies.currency,
        others.other_currencies,
        {%- for column in ['gross', 'discount', 'net_service', 'net_retail', 'tax'] %}
            money.{{ column }}_minor,
        {%- endfor %}
        payments.tips_minor,
        refunds.refunds_minor,
        money.gift_cards_bought_minor,
        payments.gift_cards_redeemed_minor,
        money.packages_bought_minor,
        money.net_lifetime_minor,
        money.net_12m_minor,
        money.avg_ticket_minor,
        payments.payments,
        money.tickets,
        money.discounted_tickets,
        money.coupon_uses,
        money.effective_discount_rate,
        money.price_sensitivity_score,
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
        persons.last_load_id,
        '{{ definition_version() }}' as definition_version,
        persons.customer_type,
        {{ refreshed_at() }} as updated_at
    from
        {{ ref('int_customer_persons') }} as persons
    {%- for relation, alias in [
        (ref('int_customer_bookings'), 'bookings'),
        (ref('int_customer_visits'), 'visits'),
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

{%- if is_published('customer_analytics') %}

    -- Of clients whom others' spend has moved, tier and segment are new, and no more.
    moved as (
        select
            {%- for column in model.columns %}
                {%- if column in moving %}
                    value_ranks.{{ column }},
                {%- elif column == 'primary_segment' %}
                    segments.segment as primary_segment,
                {%- elif column != 'updated_at' %}
                    known.{{ column }},
                {%- endif %}
            {%- endfor %}
            {{ refreshed_at() }} as updated_at
        from {{ ref('int_customer_value') }} as value_ranks
        inner join {{ public_table(public_node('customer_analytics')) }} as known
            on
                value_ranks.organization_id = known.organization_id
                and value_ranks.customer_id = known.customer_id
        {{ join_customer_facts(
            ref('int_customer_segment_members'), 'value_ranks', 'segments'
        ) }}
        and segments.is_primary
        where not value_ranks.is_built
    ),
{%- endif %}

final as (
    select
        {{ model.columns | join(',\n        ') }}
    from built
    {%- if is_published('customer_analytics') %}
        union all
        select
            {{ model.columns | join(',\n            ') }}
        from moved
    {%- endif %}
)

select * from final
