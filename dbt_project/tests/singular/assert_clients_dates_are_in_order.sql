-- Nobody's second visit comes before the first, nobody was there in the future, and who never
-- came has no visit to count from.
{{ config(meta={'dimension': 'accuracy', 'dagster': {'ref': {'name': 'customer_analytics'}}}) }}

select
    organization_id,
    customer_id,
    visits,
    first_visit_at,
    second_visit_at,
    last_visit_at,
    next_booking_at,
    days_since_last_visit,
    tenure_days
from {{ ref('customer_analytics') }}
where
    second_visit_at < first_visit_at
    or last_visit_at < first_visit_at
    or last_visit_at > updated_at
    or next_booking_at <= updated_at
    or first_booking_at > next_booking_at
    or last_payment_at > updated_at
    or days_since_last_visit < 0
    or tenure_days < days_since_last_visit - 1
    or visits_12m > visits
    or locations_visited > visits
    or (visits > 0) <> (first_visit_at is not null)
    or (visits > 1) <> (second_visit_at is not null)
    or (visits = 0) <> (lifecycle_status = 'never_visited')
